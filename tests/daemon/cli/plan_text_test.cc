// What a publish would do, in words.
#include "cli/plan_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cli {
namespace {

namespace json = boost::json;
using testing::EndsWith;

json::object slot(const char* date, json::value draft = nullptr, json::value title = nullptr) {
  return {{"date", date}, {"time", "08:00"}, {"draft", std::move(draft)}, {"title", std::move(title)}};
}

class PlanText : public testing::Test {
 protected:
  std::string text() const { return plan_text(plan); }
  json::object plan{
      {"title", "Trust"},
      {"slot", nullptr},
      {"permalink", "https://example.org/trust/"},
      {"channels",
       {{{"channel", "blog"}, {"kind", "static_site"}, {"mail", false}},
        {{"channel", "mail"}, {"kind", "smtp"}, {"mail", true}, {"recipients", 3}, {"left_out", 1}}}}};
};

TEST_F(PlanText, TitleChannelsAndRecipientsComeFirst) {
  EXPECT_EQ(text(),
            "Trust\n"
            "  blog (static_site): https://example.org/trust/\n"
            "  mail (smtp): 3 recipients, 1 row left out\n"
            "  outside of the schedule: no slot is taken\n");
}

TEST_F(PlanText, WhoTakesTheSlotThatItLeavesIsNamed) {
  plan["vacated"] = slot("2026-11-27", "d14", "The next one");
  EXPECT_THAT(text(), EndsWith("  its slot of Fri 2026-11-27 08:00 goes to d14 'The next one'\n"));
  plan["vacated"] = slot("2026-11-29");
  EXPECT_THAT(text(),
              EndsWith("  its slot of Sun 2026-11-29 08:00 is left empty, unless another draft is ready "
                       "by then\n"));
}

TEST_F(PlanText, WhoHasToMakeRoomIsNamedAndWhereItGoes) {
  plan["slot"] = "friday 2026-11-27 08:00";
  EXPECT_THAT(text(), EndsWith("  takes the slot friday 2026-11-27 08:00\n"));
  plan["displaced"] = {{"draft", "d9"}, {"title", "Planned"}, {"why", nullptr}, {"to", slot("2026-12-04")}};
  EXPECT_THAT(text(), EndsWith("  d9 'Planned', planned for it, moves to Fri 2026-12-04 08:00\n"));
  plan["displaced"] = {{"draft", "d9"}, {"title", "Planned"}, {"why", "its slot 2026-11-27 is taken"}};
  EXPECT_THAT(text(),
              EndsWith("  d9 'Planned', planned for it, gets no slot: its slot 2026-11-27 is taken\n"));
}

TEST_F(PlanText, WhoChangesPlacesWithItIsNamedOnce) {
  plan["slot"] = "friday 2026-11-27 08:00";
  plan["displaced"] = {{"draft", "d9"}, {"title", "Planned"}, {"why", nullptr}, {"to", slot("2026-12-04")}};
  plan["vacated"] = slot("2026-12-04", "d9", "Planned");
  EXPECT_THAT(text(), EndsWith("  d9 'Planned', planned for it, moves to Fri 2026-12-04 08:00\n"));
  plan["vacated"] = slot("2026-12-11", "d10", "Behind it");
  EXPECT_THAT(text(), EndsWith("  its slot of Fri 2026-12-11 08:00 goes to d10 'Behind it'\n"));
}

}  // namespace
}  // namespace cli
