// A store whose disk fails under the shipped binary: no further write, exit 75, and the next start goes on
// from what is there. The disk fails at a length that the file may not grow beyond: that is an I/O error to
// SQLite, and no lack of space.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "support/trial.h"

namespace {

using support::eventually;
using support::kDraft;
using support::kSlug;
using support::kThursday;
using support::Trial;
using testing::HasSubstr;

constexpr int kDiskFailed = 75;

// fridayd inherits that the signal is ignored, so that the write itself fails.
class IgnoresLimit {
 public:
  IgnoresLimit() : before_(std::signal(SIGXFSZ, SIG_IGN)) {}
  ~IgnoresLimit() { std::signal(SIGXFSZ, before_); }
  IgnoresLimit(const IgnoresLimit&) = delete;
  IgnoresLimit& operator=(const IgnoresLimit&) = delete;

 private:
  void (*before_)(int);
};

void limit_files(pid_t process, std::uintmax_t length) {
  const rlimit limit{length, RLIM_INFINITY};
  ASSERT_EQ(::prlimit(process, RLIMIT_FSIZE, &limit, nullptr), 0);
}

TEST(DiskFailed, ItEndsWithItsOwnStatusAndTheNextStartGoesOn) {
  const IgnoresLimit ignores;
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  const auto wal = trial.folder() / "state/fridayd.db-wal";
  const std::uintmax_t length = std::filesystem::file_size(wal);
  ASSERT_GT(length, std::filesystem::file_size(trial.folder() / "fridayd.log")) << "it shall be told yet";
  limit_files(trial.pid(), length);
  trial.drop("later.md", "# The next one\n\nText.\n");
  EXPECT_EQ(trial.wait(), kDiskFailed) << trial.log();
  EXPECT_THAT(trial.log(), HasSubstr("the disk failed: "));
  EXPECT_THAT(trial.log(), HasSubstr("ending, so that recovery decides"));

  ASSERT_TRUE(trial.start()) << trial.log();
  ASSERT_TRUE(trial.eventually_listed("the-next-one")) << trial.log();
  ASSERT_EQ(trial.ctl({"publish", kSlug, "--yes", "--wait"}).exit, 0) << trial.log();
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(trial.stop(), 0);
}

}  // namespace
