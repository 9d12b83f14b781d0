// A slot on the machine's own clock: the one thing that a clock which is set by hand can't show.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "model/time.h"
#include "support/trial.h"

namespace {

using namespace std::chrono_literals;
using support::contents;
using support::eventually;
using support::kDraft;
using support::kSlug;
using support::Trial;

model::Instant machine_time() {
  return std::chrono::time_point_cast<model::milliseconds>(std::chrono::system_clock::now());
}

TEST(MachineClock, ASlotOfTheNextMinuteIsKeptAtItsInstant) {
  // Time enough to start and to read the draft; a list saved just before its slot is not believed.
  const model::Instant slot = std::chrono::ceil<std::chrono::minutes>(machine_time() + 30s);
  const std::string at = model::rfc3339(slot);
  Trial trial("");
  trial.configure("series",
                  "[series.friday]\ntitle = \"Friday\"\nzone = \"UTC\"\nschedule = "
                  "\"Mon,Tue,Wed,Thu,Fri,Sat,Sun " +
                      at.substr(at.find('T') + 1, 5) + "\"\nchannels = [\"blog\", \"mail\"]\n");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  ASSERT_LT(machine_time(), slot);
  EXPECT_EQ(trial.api({"timeline"}).at("slots").as_array().front().at("instant"), at.c_str());

  const auto page = trial.site() / kSlug / "index.html";
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(page); }, 100s)) << trial.log();
  const auto seen = machine_time();
  EXPECT_GE(seen, slot);
  EXPECT_LT(seen, slot + 10s) << "on a machine that does nothing else: within 50 ms";
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

}  // namespace
