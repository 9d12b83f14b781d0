// What an image is, as its bytes say. Reads headers only, never decodes. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace intake {

struct ImageType {
  std::string media_type;  // "image/png"
  std::string name;        // for people: "PNG"
  std::string ending;      // the usual one: ".png"
  int width = 0;           // pixels; 0 where unknown
  int height = 0;
  bool operator==(const ImageType&) const = default;
};

// PNG, JPEG, GIF, WebP or AVIF; nothing for any other bytes.
std::optional<ImageType> image_type(std::string_view bytes);

// Whether a file named so may hold this type: "x.jpeg" a JPEG; a name with no ending of an image says
// nothing and may hold any.
bool name_fits(std::string_view file_name, const ImageType& type);

}  // namespace intake
