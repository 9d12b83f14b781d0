// An update of the time zone data under the shipped binary. The data are a folder of the test's own, mounted
// over the system's in a mount namespace of the test, which ends with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <cerrno>
#include <system_error>

#include "daemon/planning/tzif_file.h"
#include "support/trial.h"

namespace {

namespace fs = std::filesystem;
using support::eventually;
using support::kDraft;
using support::kSlug;
using support::Trial;
using testing::HasSubstr;

class ZoneData {
 public:
  explicit ZoneData(fs::path folder) : folder_(std::move(folder)) {
    put("\nEST5\n");
    const bool own =
        ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    if (!own || ::mount(folder_.c_str(), kPlace, nullptr, MS_BIND, nullptr) != 0) {
      throw std::system_error(errno, std::generic_category(), kPlace);
    }
  }
  ~ZoneData() { ::umount2(kPlace, MNT_DETACH); }
  ZoneData(const ZoneData&) = delete;
  ZoneData& operator=(const ZoneData&) = delete;

  void put(const std::string& footer) const {
    planning::TzifFile file;
    file.footer = footer;
    support::put(folder_ / "America/New_York", file.bytes());
  }

 private:
  static constexpr const char* kPlace = "/usr/share/zoneinfo";
  fs::path folder_;
};

TEST(Zones, AnUpdateMovesTheSlotsToComeWithinTheHour) {
  Trial trial("2026-11-26T15:00:00Z");
  const ZoneData zones(trial.folder() / "zoneinfo");
  ASSERT_TRUE(trial.start()) << trial.log();
  trial.drop("a-question-of-trust.md", kDraft);
  ASSERT_TRUE(trial.eventually_listed(kSlug)) << trial.log();
  const auto planned = [&](const std::string& text) {
    return eventually([&] { return support::has(trial.ctl({}).out, text); });
  };
  ASSERT_TRUE(planned("2026-11-27 08:00 -05:00")) << trial.ctl({}).out;
  zones.put("\nXXX7\n");
  trial.set_clock("2026-11-26T16:00:00Z");
  EXPECT_TRUE(planned("2026-11-27 08:00 -07:00")) << trial.ctl({}).out;
  EXPECT_THAT(trial.log(), HasSubstr("the time zone data changed and were read again"));
  trial.set_clock("2026-11-27T15:00:00Z");
  ASSERT_TRUE(trial.eventually_delivered("mail")) << trial.log();
  EXPECT_THAT(trial.ctl({"deliveries", "v1"}).out, HasSubstr("2026-11-27T15:00:0"));

  zones.put("\nXXX9\n");
  ASSERT_EQ(trial.ctl({"reload"}).exit, 0) << trial.log();
  EXPECT_TRUE(planned("2026-12-04 08:00 -09:00")) << trial.ctl({}).out;
  EXPECT_EQ(trial.mails_to("reader1@example.org"), 1);
}

}  // namespace
