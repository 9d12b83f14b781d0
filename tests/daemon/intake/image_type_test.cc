#include "intake/image_type.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

using std::string;
using namespace std::string_literals;

const string kPng = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x06\0\0\0"s;
const string kGif = "GIF89a\x40\x01\xF0\0"s;
const string kJpeg =
    "\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xFF\xC2\0\x11\x08\x01\xE0\x02\x80\x03\x01\x22\0\x02"s;
const string kWebpLossy = "RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9D\x01\x2A\x80\x02\xE0\x01"s;
const string kWebpLossless = "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2F\x7F\xC2\x77\0"s;
const string kWebpExtended = "RIFF\0\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x7F\x02\0\xDF\x01\0"s;
const string kAvif =
    "\0\0\0\x1C"
    "ftypavif\0\0\0\0mif1miaf....\0\0\0\x14ispe\0\0\0\0\0\0\x02\x80\0\0\x01\xE0"s;

TEST(ImageType, IsWhatTheBytesSay) {
  EXPECT_EQ((ImageType{"image/png", "PNG", ".png", 640, 480}), image_type(kPng));
  EXPECT_EQ((ImageType{"image/gif", "GIF", ".gif", 320, 240}), image_type(kGif));
  EXPECT_EQ((ImageType{"image/jpeg", "JPEG", ".jpg", 640, 480}), image_type(kJpeg));
  EXPECT_EQ((ImageType{"image/webp", "WebP", ".webp", 640, 480}), image_type(kWebpLossy));
  EXPECT_EQ((ImageType{"image/webp", "WebP", ".webp", 640, 480}), image_type(kWebpLossless));
  EXPECT_EQ((ImageType{"image/webp", "WebP", ".webp", 640, 480}), image_type(kWebpExtended));
  EXPECT_EQ((ImageType{"image/avif", "AVIF", ".avif", 640, 480}), image_type(kAvif));
}

TEST(ImageType, IsNothingForOtherBytes) {
  for (const string& bytes : {""s, "<svg xmlns='http://www.w3.org/2000/svg'/>"s, "%PDF-1.7"s, "BM"s, "II*\0"s,
                              "\0\0\0\x18"
                              "ftypheic\0\0\0\0mif1heic"s,
                              "RIFF\0\0\0\0WAVE"s}) {
    EXPECT_EQ(std::nullopt, image_type(bytes)) << bytes;
  }
}

TEST(ImageType, OfHeadersThatAreCutIsKnownWithoutASize) {
  for (const string& whole : {kPng, kGif, kJpeg, kWebpLossy, kWebpLossless, kWebpExtended, kAvif}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto type = image_type(whole.substr(0, size));
      if (type) {
        EXPECT_TRUE((type->width == 0) == (type->height == 0));
      }
    }
  }
  EXPECT_EQ(0, image_type(kPng.substr(0, 8))->width);
}

TEST(ImageType, FitsItsName) {
  const ImageType jpeg = *image_type(kJpeg);
  for (const char* name : {"a.jpg", "a.JPEG", "a.jpe", "photo", "a.b/photo", "v1.2"}) {
    EXPECT_TRUE(name_fits(name, jpeg)) << name;
  }
  for (const char* name : {"a.png", "a.svg", "a.GIF", "a.html"}) EXPECT_FALSE(name_fits(name, jpeg)) << name;
}

}  // namespace
}  // namespace intake
