// What a start and a reload see to before they say that all is well.
#include <gtest/gtest.h>

#include <csignal>

#include "support/trial.h"

namespace {

using support::has;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::Ran;
using support::Trial;

TEST(Start, WhoAsksOnceItIsReadySeesThePlan) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  for (int i = 0; i < 5; ++i) {
    trial.kill();
    ASSERT_TRUE(trial.start());
    const auto slots = trial.api({"timeline"}).at("slots").as_array();
    ASSERT_FALSE(slots.empty());
    EXPECT_EQ(slots.front().at("title"), "A question of trust");
  }
}

constexpr const char* kOtherSeries = R"(
[series.other]
title = "Another"
zone = "America/New_York"
schedule = "Mon 08:00"
channels = ["blog"]
)";

TEST(Start, ASeriesAndAChannelWithPostsUnderWayCanNotBeTakenOut) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start());
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  ASSERT_EQ(trial.ctl({"stop"}).exit, 0);
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes"}).exit, 0);
  const std::string mail =
      "[channels.mail] is missing, and not everything of it is out: p1 \"A question of trust\"";
  const std::string series =
      "[series.sales-leadership-friday] is missing, and not everything of it is out: p1";
  trial.configure("series", kOtherSeries);
  trial.configure("mail", "");
  trial.write_config();

  const Ran refused = trial.ctl({"reload"});
  EXPECT_EQ(refused.exit, 78);
  EXPECT_TRUE(has(refused.out, mail)) << refused.out;
  EXPECT_TRUE(has(refused.out, series)) << refused.out;
  EXPECT_TRUE(has(refused.out, "fridayctl cancel p1")) << refused.out;
  EXPECT_TRUE(has(trial.ctl({"channels"}).out, "maildir"));

  ASSERT_EQ(trial.stop(), 0);
  EXPECT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 78);
  EXPECT_TRUE(has(trial.log(), mail)) << trial.log();
}

TEST(Start, AThemesFaultsAreToldAllAtOnce) {
  Trial trial(kThursday);
  trial.configure("more", "[templates]\nfolder = \"theme\"\n");
  support::put(trial.folder() / "theme/blog/post.html.j2", "{% if %}\n");
  support::put(trial.folder() / "theme/blog/index.html.j2", "a\n{{ post.title | upcase }}\n");
  support::put(trial.folder() / "theme/email/post.txt.j2", "{% include \"email/none.txt.j2\" %}\n");
  EXPECT_FALSE(trial.start());
  EXPECT_EQ(trial.wait(), 78);
  for (const char* place : {"blog/post.html.j2:1:", "blog/index.html.j2:2:", "email/post.txt.j2:1:"}) {
    EXPECT_TRUE(has(trial.log(), place)) << place << '\n' << trial.log();
  }
}

TEST(Start, ABadLineAmongThoseWhoLeftIsTold) {
  Trial trial(kThursday);
  support::put(trial.folder() / "suppressed.csv", "reader1@example.org\nreader2 at example.org\n");
  ASSERT_TRUE(trial.start());
  const Ran doctor = trial.ctl({"doctor"});
  EXPECT_TRUE(has(doctor.out, "suppressed.csv:2: ")) << doctor.out;
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug));
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_TRUE(has(trial.log(), "suppressed.csv:2: ")) << trial.log();
}

TEST(Start, AVerbThatIsUnknownIsToldWithTheNearest) {
  Trial trial(kThursday);
  trial.write_config();
  const Ran ran = trial.ctl({"timline"});
  EXPECT_EQ(ran.exit, 64);
  EXPECT_EQ(ran.out, "fridayctl: unknown verb 'timline'; did you mean 'timeline'?\n");
  EXPECT_EQ(trial.ctl({"xyzzy"}).exit, 64);
  EXPECT_TRUE(has(trial.ctl({"xyzzy"}).out, "unknown verb 'xyzzy'; `fridayctl --help`"))
      << trial.ctl({"xyzzy"}).out;
  EXPECT_EQ(trial.ctl({"timeline", "--week", "3"}).exit, 64);
}

}  // namespace
