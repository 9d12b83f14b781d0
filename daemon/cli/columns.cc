#include "cli/columns.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 12> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1F64F},
                                          {0x1F680, 0x1F6FF},
                                          {0x1F900, 0x1FAFF},
                                          {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 4> kNone = {
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

// A character, or an escape sequence, with the room that it takes.
struct Piece {
  std::string_view text;
  std::size_t room = 0;
};

Piece escape_at(std::string_view text) {
  const std::size_t end = text.find('m');
  return {text.substr(0, end == std::string_view::npos ? text.size() : end + 1), 0};
}

Piece first_piece(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first == 0x1B) return escape_at(text);
  const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  const std::string_view bytes = text.substr(0, length);
  char32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (const char c : bytes.substr(1)) point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return {bytes, within(kNone, point) ? 0U : within(kWide, point) ? 2U : 1U};
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const Piece piece = first_piece(text);
    sum += piece.room;
    text.remove_prefix(piece.text.size());
  }
  return sum;
}

std::string cut_to(const std::string& text, std::size_t room) {
  if (columns(text) <= room) return text;
  if (room == 0) return "";
  std::string out;
  std::size_t used = 0;
  bool full = false;
  for (std::string_view rest = text; !rest.empty();) {
    const Piece piece = first_piece(rest);
    rest.remove_prefix(piece.text.size());
    if (piece.text.front() == '\033') {
      out += piece.text;
    } else if (!full && used + piece.room < room) {
      out += piece.text;
      used += piece.room;
    } else if (!full) {
      out += "\u2026";
      full = true;
    }
  }
  return out;
}

}  // namespace cli
