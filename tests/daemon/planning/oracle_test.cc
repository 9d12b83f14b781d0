#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "planning/recurrence.h"
#include "planning/time_zone.h"

namespace planning {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

struct Close {
  void operator()(FILE* pipe) const { pclose(pipe); }
};

std::string oracle() {
  const std::string command =
      "PYTHONTZPATH=/usr/share/zoneinfo python3 " FRIDAYD_SOURCE_DIR "/tests/daemon/planning/oracle.py";
  const std::unique_ptr<FILE, Close> pipe(popen(command.c_str(), "r"));
  std::string text;
  std::array<char, 65536> buffer{};
  while (pipe) {
    const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get());
    if (count == 0) break;
    text.append(buffer.data(), count);
  }
  return text;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, '\t');) fields.push_back(field);
  return fields;
}

sys_seconds at(const std::string& epoch) {
  return sys_seconds{seconds{std::stoll(epoch)}};
}

// What we say to the question of one line, in the oracle's form.
std::string answer(const TimeZone& zone, const std::vector<std::string>& fields) {
  if (fields[0] == "O") return std::to_string(zone.offset_at(at(fields[2])).count());
  if (fields[0] == "L") {
    const auto instant = zone.to_instant(*model::parse_date(fields[2]), seconds{std::stoll(fields[3])});
    return std::to_string(instant.time_since_epoch().count());
  }
  std::string why;
  const auto schedule = Schedule::parse(fields[2], why);
  if (!schedule) return why;
  std::string text;
  for (const sys_seconds instant : next_instants(*schedule, zone, at(fields[3]), 3)) {
    if (!text.empty()) text += '\t';
    text += std::to_string(instant.time_since_epoch().count());
  }
  return text;
}

TEST(Oracle, AgreesWithPythonAroundEveryChangeOf48ZonesUntil2060) {
  TimeZones zones;
  std::istringstream lines(oracle());
  int cases = 0;
  int wrong = 0;
  for (std::string line; std::getline(lines, line) && wrong < 10; ++cases) {
    const auto fields = fields_of(line);
    ASSERT_GE(fields.size(), 4u) << line;
    const Zone zone = zones.find(fields[1]);
    ASSERT_NE(nullptr, zone) << fields[1];
    const std::size_t asked = fields[0] == "O" ? 3 : 4;
    std::string expected = fields[asked];
    for (std::size_t i = asked + 1; i < fields.size(); ++i) expected += '\t' + fields[i];
    const std::string ours = answer(*zone, fields);
    EXPECT_EQ(expected, ours) << line;
    wrong += ours == expected ? 0 : 1;
  }
  EXPECT_GT(cases, 40000);
}

}  // namespace
}  // namespace planning
