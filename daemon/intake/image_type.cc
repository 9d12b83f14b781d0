#include "intake/image_type.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "intake/file_names.h"
#include "intake/text.h"

namespace intake {
namespace {

using std::string_view;

constexpr int kMostPixels = 1 << 20;  // on a side

// Bytes of a header; beyond the end they are 0.
class Bytes {
 public:
  explicit Bytes(string_view bytes) : bytes_(bytes) {}
  std::uint32_t at(std::size_t i) const {
    return i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0U;
  }
  std::uint32_t big16(std::size_t i) const { return at(i) << 8U | at(i + 1); }
  std::uint32_t big32(std::size_t i) const { return big16(i) << 16U | big16(i + 2); }
  std::uint32_t little16(std::size_t i) const { return at(i) | at(i + 1) << 8U; }
  std::uint32_t little24(std::size_t i) const { return little16(i) | at(i + 2) << 16U; }
  std::size_t size() const { return bytes_.size(); }
  bool has(std::size_t i, string_view text) const {
    return bytes_.size() >= i && bytes_.substr(i).starts_with(text);
  }
  std::size_t find(string_view text) const { return bytes_.find(text); }

 private:
  string_view bytes_;
};

void set_size(ImageType& type, std::uint32_t width, std::uint32_t height) {
  if (width == 0 || height == 0 || width > kMostPixels || height > kMostPixels) return;
  type.width = static_cast<int>(width);
  type.height = static_cast<int>(height);
}

ImageType png(const Bytes& bytes) {
  ImageType type{"image/png", "PNG", ".png"};
  if (bytes.has(12, "IHDR")) set_size(type, bytes.big32(16), bytes.big32(20));
  return type;
}

ImageType gif(const Bytes& bytes) {
  ImageType type{"image/gif", "GIF", ".gif"};
  set_size(type, bytes.little16(6), bytes.little16(8));
  return type;
}

// Walks the segments to the frame header.
ImageType jpeg(const Bytes& bytes) {
  ImageType type{"image/jpeg", "JPEG", ".jpg"};
  std::size_t at = 2;
  while (at + 9 < bytes.size() && bytes.at(at) == 0xFF) {
    const std::uint32_t marker = bytes.at(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) {
      set_size(type, bytes.big16(at + 7), bytes.big16(at + 5));
      break;
    }
    const bool scan_begins = marker == 0xDA || marker == 0xD9;
    const std::uint32_t length = bytes.big16(at + 2);
    if (scan_begins || length < 2) break;
    at += 2 + length;
  }
  return type;
}

ImageType webp(const Bytes& bytes) {
  ImageType type{"image/webp", "WebP", ".webp"};
  if (bytes.has(12, "VP8 ") && bytes.at(23) == 0x9D && bytes.at(24) == 0x01 && bytes.at(25) == 0x2A) {
    set_size(type, bytes.little16(26) & 0x3FFFU, bytes.little16(28) & 0x3FFFU);
  } else if (bytes.has(12, "VP8L") && bytes.at(20) == 0x2F) {
    const std::uint32_t low = bytes.little24(21);
    const std::uint32_t high = bytes.at(24);
    set_size(type, (low & 0x3FFFU) + 1, ((low >> 14U | high << 10U) & 0x3FFFU) + 1);
  } else if (bytes.has(12, "VP8X")) {
    set_size(type, bytes.little24(24) + 1, bytes.little24(27) + 1);
  }
  return type;
}

ImageType avif(const Bytes& bytes) {
  ImageType type{"image/avif", "AVIF", ".avif"};
  // The property "ispe": size, name, version and flags, width, height.
  const std::size_t at = bytes.find("ispe");
  if (at != string_view::npos) set_size(type, bytes.big32(at + 8), bytes.big32(at + 12));
  return type;
}

bool is_avif(const Bytes& bytes) {
  if (!bytes.has(4, "ftyp")) return false;
  const std::size_t end = std::min<std::size_t>({bytes.big32(0), bytes.size(), 256});
  for (std::size_t brand = 8; brand + 4 <= end; brand += 4) {
    const bool version = brand == 12;
    if (!version && (bytes.has(brand, "avif") || bytes.has(brand, "avis"))) return true;
  }
  return false;
}

}  // namespace

std::optional<ImageType> image_type(string_view raw) {
  const Bytes bytes(raw);
  if (bytes.has(0, string_view("\x89PNG\r\n\x1A\n", 8))) return png(bytes);
  if (bytes.has(0, "\xFF\xD8\xFF")) return jpeg(bytes);
  if (bytes.has(0, "GIF87a") || bytes.has(0, "GIF89a")) return gif(bytes);
  if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) return webp(bytes);
  if (is_avif(bytes)) return avif(bytes);
  return std::nullopt;
}

bool name_fits(string_view file_name, const ImageType& type) {
  struct Ending {
    string_view ending;
    string_view name;
  };
  constexpr Ending kEndings[] = {
      {".png", "PNG"}, {".jpg", "JPEG"},  {".jpeg", "JPEG"}, {".jpe", "JPEG"}, {".jfif", "JPEG"},
      {".gif", "GIF"}, {".webp", "WebP"}, {".avif", "AVIF"}, {".svg", ""},     {".html", ""},
      {".htm", ""},    {".js", ""},       {".bmp", ""},      {".tif", ""},     {".tiff", ""},
      {".heic", ""},   {".heif", ""},     {".pdf", ""},      {".ico", ""},
  };
  const std::string name = lower(last_name(file_name));
  for (const Ending& known : kEndings) {
    if (name.ends_with(known.ending)) return known.name == type.name;
  }
  return true;
}

}  // namespace intake
