#include "service/backup.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/store_fixture.h"

namespace service {
namespace {

namespace fs = std::filesystem;
using support::failure_of;
using testing::HasSubstr;

constexpr model::Instant kNow{};

class BackupTest : public testing::Test {
 protected:
  BackupTest() { store::open_sqlite(store_, store::Mode::read_write)->set_setting("key", "value"); }

  support::StoreFolder folder_;
  const fs::path store_ = folder_ / "fridayd.db";
  const fs::path copy_ = folder_ / "copy.db";
};

TEST_F(BackupTest, ACopyBeginsInSafeMode) {
  back_up_store(store_, copy_, kNow);
  const auto copy = store::open_sqlite(copy_, store::Mode::read_write);
  EXPECT_EQ(copy->setting("key"), "value");
  EXPECT_THAT(copy->setting("safe_mode").value_or(""), HasSubstr("backup of 1970-01-01"));
  EXPECT_FALSE(fs::exists(folder_ / "copy.db.part"));
}

TEST_F(BackupTest, AFileThatIsThereIsLeftAlone) {
  std::ofstream(copy_) << "mine";
  EXPECT_EQ(failure_of([&] { back_up_store(store_, copy_, kNow); }), store::Failure::not_allowed);
  EXPECT_EQ(fs::file_size(copy_), 4u);
}

TEST_F(BackupTest, ATryThatWasCutShortIsInNobodysWay) {
  std::ofstream(folder_ / "copy.db.part") << "half";
  back_up_store(store_, copy_, kNow);
  EXPECT_EQ(store::open_sqlite(copy_, store::Mode::read_write)->setting("key"), "value");
}

}  // namespace
}  // namespace service
