#include <gtest/gtest.h>

#include "config/load.h"

namespace config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsNumbersWithUnits) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("5min"), 5min);
  EXPECT_EQ(parse_duration("12h"), 12h);
  EXPECT_EQ(parse_duration("2d"), 48h);
  EXPECT_EQ(parse_duration("1w"), 168h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("0s"), 0s);
  EXPECT_EQ(parse_duration("3660d"), 24h * 3660);
}

TEST(Duration, IsNothingElse) {
  for (const char* text : {"", "90", "s", "-5s", "1.5h", "90 s", " 90s", "90s ", "1h 30m", "12H", "1y",
                           "3661d", "99999999999999999999s", "18446744073709551615ms", "3000d3000d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Size, IsANumberWithAUnit) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("512"), 512u);
  EXPECT_EQ(parse_size("512B"), 512u);
  EXPECT_EQ(parse_size("500kB"), 500'000u);
  EXPECT_EQ(parse_size("2MB"), 2'000'000u);
  EXPECT_EQ(parse_size("1GB"), 1'000'000'000u);
  EXPECT_EQ(parse_size("3KiB"), 3072u);
  EXPECT_EQ(parse_size("2MiB"), 2u << 20);
  EXPECT_EQ(parse_size("1GiB"), 1u << 30);
}

TEST(Size, IsNothingElse) {
  for (const char* text :
       {"", "MiB", "-1MiB", "1.5MiB", "2 MiB", "2MiB ", "2mib", "2M", "2MiB3", "99999999999GiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Nearest, IsWithinTheSlipOfAHand) {
  const std::vector<std::string> known = {"title", "schedule", "zone", "at", "channels"};
  EXPECT_EQ(nearest("titl", known), "title");
  EXPECT_EQ(nearest("titel", known), "title");  // two letters swapped are one slip
  EXPECT_EQ(nearest("titels", known), "");
  EXPECT_EQ(nearest("shedule", known), "schedule");
  EXPECT_EQ(nearest("schduel", known), "schedule");
  EXPECT_EQ(nearest("sedul", known), "");
  EXPECT_EQ(nearest("chanels", known), "channels");
  EXPECT_EQ(nearest("chanel", known), "channels");
  EXPECT_EQ(nearest("zones", known), "zone");
  EXPECT_EQ(nearest("after", known), "");
  EXPECT_EQ(nearest("", known), "");
  EXPECT_EQ(nearest("title", {}), "");
  EXPECT_EQ(nearest("y", {"x"}), "");
  EXPECT_EQ(nearest("ta", {"at"}), "at");
}

TEST(Nearest, PrefersTheNearerOfTwo) {
  EXPECT_EQ(nearest("channel", {"channels", "chapels"}), "channels");
  EXPECT_EQ(nearest("connections", {"connection", "connections"}), "connections");
}

}  // namespace
}  // namespace config
