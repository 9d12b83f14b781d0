// Looks at texts eight bytes at a time: nearly every byte of a draft is of no interest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace templates {

constexpr std::uint64_t each_byte(std::uint8_t byte) {
  return 0x0101010101010101U * byte;
}

// Non-zero if a byte of the word is zero.
constexpr std::uint64_t zero_byte(std::uint64_t word) {
  return (word - each_byte(1)) & ~word & each_byte(0x80);
}

// The first place, from `at` on, of a byte that `is_special` says yes to. `may_hold` has to say yes
// (non-zero) to each eight bytes that hold such a byte.
template <typename MayHold, typename IsSpecial>
std::size_t find_special(std::string_view text, std::size_t at, const MayHold& may_hold,
                         const IsSpecial& is_special) {
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if (may_hold(word) == 0) continue;
    for (std::size_t i = at; i < at + sizeof word; ++i) {
      if (is_special(text[i])) return i;
    }
  }
  if (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t last = 0;
    std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
    if (may_hold(last) == 0) return std::string_view::npos;
  }
  for (; at < text.size(); ++at) {
    if (is_special(text[at])) return at;
  }
  return std::string_view::npos;
}

}  // namespace templates
