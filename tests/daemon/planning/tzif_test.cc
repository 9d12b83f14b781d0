#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "daemon/planning/tzif_file.h"
#include "planning/time_zone.h"

namespace planning {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr const char* kSystem = "/usr/share/zoneinfo";

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::string fault_of(const std::string& bytes) {
  try {
    TimeZone::parse("Test/Zone", bytes);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "none";
}

TEST(TzifTest, UsesTheFirstTypeBeforeTheFirstChangeAndTheRuleAfterTheLast) {
  TzifFile file;
  file.offsets = {3600, 7200};
  file.changes = {{1000000, 1}, {2000000, 0}};
  file.footer = "\nXXX-5\n";
  const auto zone = TimeZone::parse("Test/Zone", file.bytes());
  const auto offset = [&](int at) { return zone->offset_at(sys_seconds{seconds{at}}); };
  EXPECT_EQ(1h, offset(999999));
  EXPECT_EQ(2h, offset(1000000));
  EXPECT_EQ(2h, offset(1999999));
  EXPECT_EQ(5h, offset(2000000));

  file.footer = "\n\n";
  EXPECT_EQ(1h, TimeZone::parse("Test/Zone", file.bytes())->offset_at(sys_seconds{seconds{2000000}}));
}

TEST(TzifTest, TakesAChangeAtTheBigBangAsTheBeginning) {
  TzifFile file;
  file.offsets = {0, 3600};
  file.changes = {{-(std::int64_t{1} << 59), 1}};
  file.footer = "\n\n";
  EXPECT_EQ(1h, TimeZone::parse("Test/Zone", file.bytes())->offset_at(sys_seconds{}));
}

TEST(TzifTest, SaysWhatIsWrong) {
  const auto with = [](auto change) {
    TzifFile file;
    file.changes = {{1, 0}, {2, 0}};
    change(file);
    return fault_of(file.bytes());
  };
  EXPECT_EQ("none", with([](TzifFile&) {}));
  EXPECT_EQ("the file is cut short", fault_of(""));
  EXPECT_EQ("the file is no TZif file", fault_of("# tzdb timezone descriptions"));
  EXPECT_EQ("the file is of version 1", with([](TzifFile& f) { f.version = '\0'; }));
  EXPECT_EQ("the file counts leap seconds", with([](TzifFile& f) { f.leaps = 1; }));
  EXPECT_EQ("its changes are not in order", with([](TzifFile& f) { f.changes[1].first = 1; }));
  EXPECT_EQ("a change is out of range", with([](TzifFile& f) { f.changes[1].first = INT64_MAX; }));
  EXPECT_EQ("a change is to a type that is not there", with([](TzifFile& f) { f.changes[1].second = 1; }));
  EXPECT_EQ("an offset is out of range", with([](TzifFile& f) { f.offsets = {26 * 3600 + 1}; }));
  EXPECT_EQ("an offset is out of range", with([](TzifFile& f) { f.offsets = {INT32_MIN}; }));
  EXPECT_EQ("the file has no types of local time", with([](TzifFile& f) {
              f.changes.clear();
              f.offsets.clear();
            }));
  EXPECT_EQ("the footer is missing", with([](TzifFile& f) { f.footer = "UTC0"; }));
  EXPECT_EQ("the footer is cut short", with([](TzifFile& f) { f.footer = "\nUTC0"; }));
  EXPECT_EQ("the footer is no time zone rule", with([](TzifFile& f) { f.footer = "\nnonsense\n"; }));
  EXPECT_EQ("the file is over 1 MiB", fault_of(std::string((1u << 20) + 1, 'T')));
}

void use(const TimeZone& zone) {
  for (const auto date :
       {"0001-01-01", "1970-01-01", "2026-11-27", "2037-12-31", "2400-02-29", "9999-12-31"}) {
    const auto instant = zone.to_instant(*model::parse_date(date), 8h);
    (void)rfc3339_in(zone, instant);
  }
}

TEST(TzifTest, SurvivesHostileBytes) {
  std::mt19937 random(20261127);
  const auto upto = [&](std::size_t most) { return static_cast<std::size_t>(random()) % (most + 1); };
  int read = 0;
  for (const char* name : {"America/New_York", "Europe/Dublin", "Africa/Casablanca", "Etc/UTC"}) {
    const std::string good = bytes_of(fs::path(kSystem) / name);
    ASSERT_FALSE(good.empty());
    for (std::size_t size = 0; size < good.size(); size += 1 + size / 64) {
      EXPECT_NE("none", fault_of(good.substr(0, size))) << name << " cut to " << size;
    }
    for (int round = 0; round < 2000; ++round) {
      std::string bytes = good;
      for (std::size_t flips = 1 + upto(3); flips > 0; --flips) {
        // Half of the faults in the headers and the footer, where the counts and rules are.
        const std::size_t place = upto(1) == 0 ? upto(bytes.size() - 1) : bytes.size() - 1 - upto(40);
        bytes[upto(3) == 0 ? upto(43) : place] = static_cast<char>(upto(255));
      }
      try {
        use(*TimeZone::parse("Test/Zone", bytes));
        ++read;
      } catch (const std::runtime_error&) {
      }
    }
  }
  EXPECT_GT(read, 100);
}

TEST(TzifTest, SurvivesInstantsFarOutside) {
  TimeZones zones;
  const Zone zone = zones.find("America/New_York");
  for (const std::int64_t at : {INT64_MIN / 1000, INT64_MAX / 1000, std::int64_t{1} << 40}) {
    const auto offset = zone->offset_at(sys_seconds{seconds{at}});
    EXPECT_TRUE(offset <= 0s && offset >= -5h) << at;
  }
}

}  // namespace
}  // namespace planning
