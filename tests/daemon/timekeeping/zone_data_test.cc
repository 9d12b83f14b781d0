// Time zone data that are replaced under a running daemon move what is to come, and nothing that was decided.
#include "daemon/planning/tzif_file.h"
#include "keeper_fixture.h"

namespace timekeeping {
namespace {

using testing::ElementsAre;

planning::Zone zone_of(const std::string& footer) {
  planning::TzifFile file;
  file.footer = footer;
  return planning::TimeZone::parse("America/New_York", file.bytes());
}

TEST_F(KeeperTest, NewZoneDataMoveSlotsThatAreNotDecidedYet) {
  series_.at("friday").zone = zone_of("\nAAA5\n");
  start();
  save("a.md");
  save("b.md");
  pass_to("2026-11-27T13:00:00Z");
  ASSERT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  series_.at("friday").zone = zone_of("\nAAA7\n");
  keeper_->configure(series_);
  look();
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  EXPECT_THAT(planned(1), ElementsAre("2026-12-04 b.md"));
  pass_to("2026-12-04T14:59:59Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing"));
  pass_to("2026-12-04T15:00:00Z");
  EXPECT_THAT(slots(), ElementsAre("friday 2026-11-27 filled a.md publishing",
                                   "friday 2026-12-04 filled b.md publishing"));
  EXPECT_EQ(posts().size(), 2U);
  EXPECT_EQ(log_.str().find("begins anew"), std::string::npos);
}

}  // namespace
}  // namespace timekeeping
