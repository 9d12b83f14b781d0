// Which addresses a reader's browser may get: by an allow-list of schemes, read as browsers read them.
#pragma once

#include <string>
#include <string_view>

namespace templates {

enum class AddressUse { kLink, kImage };

enum class AddressKind {
  kRefused,
  kAbsolute,
  kRelative,  // to the page or the site
  kFragment,
};

struct Address {
  AddressKind kind = AddressKind::kRefused;
  std::string text;  // outer spaces, tabs and line breaks gone, percent-encoded; of a refused one as it was
};

// `address` is decoded: no character references, no escapes.
Address check_address(std::string_view address, AddressUse use);

// Everything that may not stand in an address percent-encoded; '%' stays.
std::string encode_address(std::string_view address);
// True if encode_address() would change nothing.
bool is_encoded_address(std::string_view address);

// "%20" as what it stands for; the same text if that would be control characters or no UTF-8.
std::string decode_relative_address(std::string_view address);

}  // namespace templates
