#include "service/zones.h"

#include <gmock/gmock.h>

#include <fstream>

#include "config/load.h"
#include "daemon/planning/tzif_file.h"
#include "support/temp_folder.h"

namespace service {
namespace {

using namespace std::chrono_literals;

const model::Instant kNoon = model::parse_rfc3339("2026-11-24T12:00:00Z").value();

class ZonesTest : public testing::Test {
 protected:
  ZonesTest() {
    std::filesystem::create_directory(folder_ / "Test");
    put("\nAAA-1\n");
    config::Faults faults;
    config_ = config::load_text(
        "[series.friday]\nzone = \"Test/Zone\"\nschedule = \"Fri 08:00\"\nchannels = [\"blog\"]\n", "t.toml",
        faults);
    zones_.emplace(folder_ / "");
    EXPECT_TRUE(zones_->read(config_));
  }
  static std::string data(const std::string& footer) {
    planning::TzifFile file;
    file.footer = footer;
    return file.bytes();
  }
  // As a package manager does it.
  void put(const std::string& footer) const {
    folder_.write("new", data(footer));
    std::filesystem::rename(folder_ / "new", folder_ / "Test/Zone");
  }
  std::string noon() { return zones_->local_text("Test/Zone", kNoon); }

  support::TempFolder folder_;
  config::Config config_;
  std::optional<Zones> zones_;
};

TEST_F(ZonesTest, DataThatDidNotChangeAreLeftAlone) {
  EXPECT_FALSE(zones_->reread(config_));
  EXPECT_EQ(noon(), "2026-11-24T13:00:00+01:00");
}

TEST_F(ZonesTest, NewDataGoIntoPlansAndTexts) {
  put("\nAAA-3\n");
  EXPECT_EQ(noon(), "2026-11-24T13:00:00+01:00") << "all at once, not in the midst of a plan";
  const auto series = zones_->reread(config_);
  ASSERT_TRUE(series);
  EXPECT_EQ(series->at("friday").zone->offset_at(std::chrono::floor<std::chrono::seconds>(kNoon)), 3h);
  EXPECT_EQ(noon(), "2026-11-24T15:00:00+03:00");
  EXPECT_EQ(zones_->hour_on_day("Test/Zone", kNoon, "15:30"), kNoon + 30min);
  EXPECT_FALSE(zones_->reread(config_)) << "once";
}

TEST_F(ZonesTest, DataThatCantBeUsedLeaveThePlanAndAreTriedAgain) {
  folder_.write("Test/Zone", "TZif2");
  EXPECT_FALSE(zones_->reread(config_));
  // In its place: no folder shows that it changed.
  folder_.write("Test/Zone", data("\nAAA-3\n"));
  EXPECT_TRUE(zones_->reread(config_));
}

}  // namespace
}  // namespace service
