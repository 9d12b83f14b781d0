// No space on the disk, on the shipped binary: nothing begins that could not be recorded, the state is told,
// and it goes on by itself. The disks are small tmpfs in a mount namespace of the test, and end with it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "support/trial.h"

namespace {

using namespace std::chrono_literals;
using support::contents;
using support::eventually;
using support::files_in;
using support::kDraft;
using support::kThursday;
using support::Trial;

constexpr const char* kFriday = "2026-11-27T13:00:00Z";
// Every retry of the daemon is due within 10 s.
constexpr auto kRecovery = 40s;

class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    const bool own =
        ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (!own || ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=8m") != 0) {
      throw std::system_error(errno, std::generic_category(), folder_.string());
    }
  }
  ~SmallDisk() { ::umount2(folder_.c_str(), MNT_DETACH); }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void fill() const {
    const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string page(4096, 'x');
    while (::write(file, page.data(), page.size()) > 0) continue;
    const int error = errno;
    ::close(file);
    ASSERT_EQ(error, ENOSPC);
  }
  // All but so many bytes of it.
  void leave(std::uintmax_t bytes) const {
    fill();
    std::filesystem::resize_file(ballast(), std::filesystem::file_size(ballast()) - bytes);
  }
  void make_room() const { std::filesystem::remove(ballast()); }

 private:
  std::filesystem::path ballast() const { return folder_ / ".ballast"; }
  std::filesystem::path folder_;
};

std::string page(const Trial& trial) {
  return contents(trial.site() / "a-question-of-trust" / "index.html");
}

bool logged(const Trial& trial, const std::string& words) {
  return eventually([&] { return trial.log().find(words) != std::string::npos; });
}

void expect_out_once(const Trial& trial) {
  EXPECT_NE(page(trial).find("They do not forgive a guess."), std::string::npos);
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
  EXPECT_EQ(trial.mails_to("reader2@example.org"), 1);
  EXPECT_EQ(files_in(trial.mailbox() / "new").size(), 2U);
}

TEST(DiskFull, NothingBeginsThatTheStoreCantRecord) {
  Trial trial(kThursday);
  const SmallDisk state(trial.folder() / "state");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  ASSERT_EQ(trial.ctl({"status"}).exit, 0) << trial.ctl({"status"}).out;

  state.fill();
  trial.drop("later.md", "# The next one\n\nText.\n");
  EXPECT_TRUE(logged(trial, "drafts can't be stored")) << trial.log();
  trial.set_clock(kFriday);
  EXPECT_TRUE(logged(trial, "2026-11-27 08:00: the store's disk is full")) << trial.log();
  const support::Ran status = trial.ctl({"status"});
  EXPECT_EQ(status.exit, 1);
  EXPECT_NE(status.out.find("disk is full"), std::string::npos) << status.out;
  EXPECT_NE(trial.ctl({"publish", "a-question-of-trust", "--yes"}).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(trial.site() / "a-question-of-trust"));
  EXPECT_TRUE(files_in(trial.mailbox() / "new").empty());
  EXPECT_TRUE(trial.running());

  state.make_room();
  EXPECT_TRUE(eventually([&] { return trial.delivery_state("mail") == "confirmed"; }, kRecovery))
      << trial.log();
  expect_out_once(trial);
  EXPECT_TRUE(eventually([&] { return trial.ctl({"drafts"}).out.find("The next one") != std::string::npos; },
                         kRecovery));
  EXPECT_EQ(trial.ctl({"status"}).exit, 0) << trial.ctl({"status"}).out;
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

TEST(DiskFull, NoMailLeavesThatTheStoreCantRecord) {
  Trial trial(kThursday);
  trial.configure("mail", R"(
[channels.mail]
kind = "maildir"
after = "blog"
delay = "1h"
path = "mailbox"
from = "Sales Leadership Friday <friday@example.org>"
recipients = "recipients.csv"
test_only = true
)");
  const SmallDisk state(trial.folder() / "state");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("blog")) << trial.log();

  state.fill();
  trial.set_clock("2026-11-27T14:00:01Z");
  EXPECT_TRUE(logged(trial, "disk is full")) << trial.log();
  EXPECT_TRUE(files_in(trial.mailbox() / "new").empty());
  EXPECT_TRUE(files_in(trial.mailbox() / "tmp").empty());
  EXPECT_TRUE(trial.running());

  state.make_room();
  EXPECT_TRUE(eventually([&] { return trial.delivery_state("mail") == "confirmed"; }, kRecovery))
      << trial.log();
  expect_out_once(trial);
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

TEST(DiskFull, AStartWithoutRoomEndsAndTheNextOneGoesOn) {
  Trial trial(kThursday);
  const SmallDisk state(trial.folder() / "state");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  ASSERT_EQ(trial.stop(), 0) << trial.log();
  trial.set_clock(kFriday);
  // Wherever in it the room comes to an end.
  bool started = false;
  for (std::uintmax_t pages = 0; pages < 64 && !started; ++pages) {
    state.leave(pages * 4096);
    started = trial.start();
    if (!started) {
      EXPECT_EQ(trial.wait(), 1) << trial.log();
    }
  }
  trial.kill();
  EXPECT_TRUE(logged(trial, "disk is full")) << trial.log();
  EXPECT_TRUE(logged(trial, "generation.new: can't be written: No space left")) << trial.log();

  state.make_room();
  ASSERT_TRUE(trial.start()) << trial.log();
  EXPECT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  expect_out_once(trial);
  EXPECT_EQ(trial.ctl({"status"}).out.find("safe mode"), std::string::npos);
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

// The store and the file beside it count the starts; one that got no further than the first is no restored
// backup, however often it happens.
TEST(DiskFull, StartsThatWereHalfCountedDoNotEndInSafeMode) {
  Trial trial(kThursday);
  ASSERT_TRUE(trial.start()) << trial.log();
  ASSERT_EQ(trial.stop(), 0) << trial.log();
  const auto in_the_way = trial.folder() / "state/generation.new";
  std::filesystem::create_directory(in_the_way);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(trial.start());
    EXPECT_EQ(trial.wait(), 1) << trial.log();
  }
  std::filesystem::remove(in_the_way);
  ASSERT_TRUE(trial.start()) << trial.log();
  EXPECT_EQ(trial.ctl({"status"}).out.find("safe mode"), std::string::npos) << trial.ctl({"status"}).out;
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

// The folder of the authors is not needed to publish; what it shall be told waits.
TEST(DiskFull, AFullSharedFolderLosesNothing) {
  Trial trial(kThursday);
  const SmallDisk shared(trial.content());
  std::filesystem::create_directories(trial.content() / "drafts");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  shared.fill();
  trial.set_clock(kFriday);
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  expect_out_once(trial);
  EXPECT_TRUE(logged(trial, "its file can't be moved to published/")) << trial.log();
  EXPECT_EQ(contents(trial.content() / "drafts/a-question-of-trust.md"), kDraft);
  EXPECT_TRUE(trial.running());

  shared.make_room();
  const auto filed = trial.content() / "published/2026/2026-11-27-a-question-of-trust.md";
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(filed); }, kRecovery)) << trial.log();
  EXPECT_NE(contents(filed).find("They do not forgive a guess."), std::string::npos);
  EXPECT_TRUE(eventually(
      [&] { return !std::filesystem::exists(trial.content() / "drafts/a-question-of-trust.md"); }));
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

TEST(DiskFull, AFullSiteIsTriedAgainAndTheMailWaitsForIt) {
  Trial trial(kThursday);
  const SmallDisk site(trial.site());
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed("a-question-of-trust")) << trial.log();
  site.fill();
  trial.set_clock(kFriday);
  ASSERT_TRUE(eventually([&] { return trial.delivery_state("blog") == "deferred"; }))
      << trial.ctl({"deliveries"}).out << trial.log();
  EXPECT_NE(trial.ctl({"deliveries"}).out.find("No space left on device"), std::string::npos)
      << trial.ctl({"deliveries"}).out;
  EXPECT_EQ(page(trial), "");
  EXPECT_EQ(contents(trial.site() / "index.html").find("A question of trust"), std::string::npos);
  EXPECT_TRUE(files_in(trial.mailbox() / "new").empty());

  site.make_room();
  trial.set_clock("2026-11-27T13:30:00Z");
  EXPECT_TRUE(eventually([&] { return trial.delivery_state("mail") == "confirmed"; }, kRecovery))
      << trial.ctl({"deliveries"}).out << trial.log();
  expect_out_once(trial);
  EXPECT_EQ(trial.stop(), 0) << trial.log();
}

}  // namespace
