#include "planning/tzif.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace planning {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// Files may start with a change at the big bang; nothing this far out (36 812 AD) matters.
constexpr std::int64_t kFarthest = std::int64_t{1} << 40;

[[noreturn]] void refuse(const std::string& why) {
  throw std::runtime_error(why);
}

class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) refuse("the file is cut short");
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(count));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const char c : take(width)) value = (value << 8) | static_cast<unsigned char>(c);
    return value;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Header {
  char version = 0;
  std::uint64_t universal = 0;
  std::uint64_t standard = 0;
  std::uint64_t leaps = 0;
  std::uint64_t changes = 0;
  std::uint64_t types = 0;
  std::uint64_t letters = 0;

  std::uint64_t block_size(std::uint64_t time_width) const {
    return changes * (time_width + 1) + types * 6 + letters + leaps * (time_width + 4) + standard + universal;
  }
};

Header take_header(Bytes& bytes) {
  if (bytes.take(4) != "TZif") refuse("the file is no TZif file");
  Header header;
  header.version = bytes.take(1).front();
  bytes.take(15);
  header.universal = bytes.number(4);
  header.standard = bytes.number(4);
  header.leaps = bytes.number(4);
  header.changes = bytes.number(4);
  header.types = bytes.number(4);
  header.letters = bytes.number(4);
  if (header.version < '2') refuse("the file is of version 1");
  return header;
}

std::vector<seconds> take_types(Bytes& bytes, std::uint64_t count) {
  std::vector<seconds> offsets;
  for (std::uint64_t i = 0; i < count; ++i) {
    const seconds offset{static_cast<std::int32_t>(static_cast<std::uint32_t>(bytes.number(4)))};
    bytes.take(2);
    if (offset < -kMostOffset || offset > kMostOffset) refuse("an offset is out of range");
    offsets.push_back(offset);
  }
  return offsets;
}

std::optional<PosixRule> take_footer(Bytes& bytes) {
  if (bytes.take(1) != "\n") refuse("the footer is missing");
  const std::size_t end = bytes.rest().find('\n');
  if (end == std::string_view::npos) refuse("the footer is cut short");
  const std::string_view text = bytes.take(end);
  if (text.empty()) return std::nullopt;
  auto rule = PosixRule::parse(text);
  if (!rule) refuse("the footer is no time zone rule");
  return rule;
}

void fill_changes(Tzif& zone, Bytes times, Bytes indexes, const std::vector<seconds>& types,
                  std::uint64_t count) {
  zone.first = types.front();
  std::int64_t last = INT64_MIN;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::int64_t>(times.number(8));
    const std::uint64_t type = indexes.number(1);
    if (i > 0 && at <= last) refuse("its changes are not in order");
    if (at > kFarthest) refuse("a change is out of range");
    if (type >= types.size()) refuse("a change is to a type that is not there");
    last = at;
    if (at < -kFarthest) {
      zone.first = types[type];
      continue;
    }
    zone.changes.emplace_back(seconds{at});
    zone.offsets.push_back(types[type]);
  }
}

}  // namespace

Tzif read_tzif(std::string_view content) {
  if (content.size() > kMostTzifBytes) refuse("the file is over 1 MiB");
  Bytes bytes(content);
  const Header old = take_header(bytes);
  bytes.take(old.block_size(4));

  const Header header = take_header(bytes);
  if (header.leaps != 0) refuse("the file counts leap seconds");
  if (header.types == 0 || header.types > 256) refuse("the file has no types of local time");
  Tzif zone;
  const Bytes times(bytes.take(header.changes * 8));
  const Bytes indexes(bytes.take(header.changes));
  const std::vector<seconds> types = take_types(bytes, header.types);
  fill_changes(zone, times, indexes, types, header.changes);
  bytes.take(header.letters + header.standard + header.universal);
  zone.rule = take_footer(bytes);
  return zone;
}

seconds Tzif::offset_at(sys_seconds instant) const {
  if (rule && (changes.empty() || instant >= changes.back())) return rule->offset_at(instant);
  const auto next = std::upper_bound(changes.begin(), changes.end(), instant);
  if (next == changes.begin()) return first;
  return offsets[static_cast<std::size_t>(next - changes.begin()) - 1];
}

std::vector<sys_seconds> Tzif::changes_between(sys_seconds after, sys_seconds until) const {
  const auto from = std::upper_bound(changes.begin(), changes.end(), after);
  const auto to = std::upper_bound(from, changes.end(), until);
  std::vector<sys_seconds> between(from, to);
  if (!rule) return between;
  if (!changes.empty()) after = std::max(after, changes.back());
  if (after >= until) return between;
  const auto listed = between.size();
  rule->add_changes(after, until, between);
  std::sort(between.begin() + static_cast<std::ptrdiff_t>(listed), between.end());
  return between;
}

}  // namespace planning
