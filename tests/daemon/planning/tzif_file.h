// Makes TZif files to order.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace planning {

inline std::string big_endian(std::uint64_t value, int width) {
  std::string bytes;
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

// A version 2 file with the given changes (instant, type), offsets and footer.
struct TzifFile {
  std::vector<std::pair<std::int64_t, int>> changes;
  std::vector<std::int32_t> offsets{0};
  std::string footer = "\nUTC0\n";
  std::uint32_t leaps = 0;
  char version = '2';

  std::string header(std::size_t change_count, std::size_t type_count) const {
    return std::string("TZif") + version + std::string(15, '\0') + big_endian(0, 8) + big_endian(leaps, 4) +
           big_endian(change_count, 4) + big_endian(type_count, 4) + big_endian(4, 4);
  }
  std::string bytes() const {
    std::string text =
        header(0, 1) + std::string(6, '\0') + std::string("LMT\0", 4) + std::string(leaps * 8, '\0');
    text += header(changes.size(), offsets.size());
    for (const auto& [at, type] : changes) text += big_endian(static_cast<std::uint64_t>(at), 8);
    for (const auto& [at, type] : changes) text += static_cast<char>(type);
    for (const auto offset : offsets) {
      text += big_endian(static_cast<std::uint32_t>(offset), 4) + std::string(2, '\0');
    }
    return text + std::string("LMT\0", 4) + std::string(leaps * 12, '\0') + footer;
  }
};

}  // namespace planning
