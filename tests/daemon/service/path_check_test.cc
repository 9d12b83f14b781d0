#include "service/path_check.h"

#include <gmock/gmock.h>

#include "service/as_account.h"
#include "support/as_nobody.h"
#include "support/temp_folder.h"

namespace service {
namespace {

namespace fs = std::filesystem;
using admin::Finding;
using publishers::NeededPath;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Use = NeededPath::Use;

class PathCheckTest : public testing::Test {
 protected:
  // As the owner of everything here, who is not root.
  Finding look(Use use, const fs::path& path) const {
    support::give_to_nobody(folder_ / "");
    const AsAccount nobody("nobody");
    return look_at({use, "a place", path});
  }
  fs::path folder(const std::string& name, unsigned mode) const {
    fs::create_directories(folder_ / name);
    fs::permissions(folder_ / name, static_cast<fs::perms>(mode));
    return folder_ / name;
  }
  fs::path file(const std::string& name, unsigned mode) const {
    folder_.write(name, "text\n");
    fs::permissions(folder_ / name, static_cast<fs::perms>(mode));
    return folder_ / name;
  }

  support::TempFolder folder_;
};

TEST_F(PathCheckTest, WhatMayBeUsedIsGoodAndToldWithItsOwnerAndMode) {
  const Finding own = look(Use::own_folder, folder("own", 0750));
  EXPECT_EQ(own.kind, Finding::Kind::good);
  EXPECT_THAT(own.what, StartsWith("a place " + (folder_ / "own").string() + ", of "));
  EXPECT_THAT(own.what, EndsWith(", mode 750"));
  EXPECT_EQ(own.todo, "");
  EXPECT_EQ(look(Use::read_folder, folder("theme", 0500)).kind, Finding::Kind::good);
  EXPECT_EQ(look(Use::read_file, file("list", 0400)).kind, Finding::Kind::good);
  EXPECT_EQ(look(Use::append_file, file("left", 0600)).kind, Finding::Kind::good);
}

TEST_F(PathCheckTest, WhatMayOnlyBeReadIsBadWhereItIsWritten) {
  const Finding own = look(Use::own_folder, folder("own", 0550));
  EXPECT_EQ(own.kind, Finding::Kind::bad);
  EXPECT_THAT(own.what, EndsWith(", mode 550, can't be written: Permission denied"));
  EXPECT_THAT(own.todo, HasSubstr("owner and mode"));
  EXPECT_THAT(look(Use::append_file, file("left", 0400)).what, HasSubstr("can't be written: Permission"));
}

TEST_F(PathCheckTest, WhatMayNotBeReadIsBadEverywhere) {
  for (const Use use : {Use::own_folder, Use::read_folder}) {
    EXPECT_THAT(look(use, folder("shut", 0300)).what, HasSubstr("can't be read: Permission denied"));
  }
  for (const Use use : {Use::read_file, Use::append_file}) {
    EXPECT_THAT(look(use, file("shut.csv", 0200)).what, HasSubstr("can't be read: Permission denied"));
  }
  EXPECT_THAT(look(Use::read_file, folder("locked", 0600) / "list").what, EndsWith(": Permission denied"));
  fs::permissions(folder_ / "locked", fs::perms::owner_all);
}

TEST_F(PathCheckTest, WhatIsMadeWhenItIsNeededMayBeMissing) {
  for (const Use use : {Use::own_folder, Use::append_file}) {
    const Finding missing = look(use, folder_ / "not/made/yet");
    EXPECT_EQ(missing.kind, Finding::Kind::good) << missing.what;
    EXPECT_THAT(missing.what, HasSubstr("is not there yet"));
    const Finding nowhere = look(use, folder("shut", 0500) / "in/here");
    EXPECT_EQ(nowhere.kind, Finding::Kind::bad);
    EXPECT_THAT(nowhere.what,
                EndsWith("can't be made in " + (folder_ / "shut").string() + ": Permission denied"));
    EXPECT_THAT(nowhere.todo, HasSubstr("make it"));
  }
  for (const Use use : {Use::read_folder, Use::read_file}) {
    const Finding missing = look(use, folder_ / "missing");
    EXPECT_EQ(missing.kind, Finding::Kind::bad);
    EXPECT_THAT(missing.what, EndsWith(": No such file or directory"));
    EXPECT_EQ(missing.todo, "put it there");
  }
}

TEST_F(PathCheckTest, AFileIsNoFolderAndAFolderNoFile) {
  for (const Use use : {Use::own_folder, Use::read_folder}) {
    EXPECT_THAT(look(use, file("plain", 0600)).what, EndsWith(" is no folder"));
  }
  for (const Use use : {Use::read_file, Use::append_file}) {
    EXPECT_THAT(look(use, folder("folder", 0700)).what, EndsWith(" is a folder, and no file"));
  }
}

TEST(DiskFinding, UnderAQuarterOfAGibibyteIsTooLittle) {
  EXPECT_EQ(disk_finding("/a", 255u << 20).kind, Finding::Kind::bad);
  EXPECT_EQ(disk_finding("/a", 256u << 20).kind, Finding::Kind::good);
  EXPECT_EQ(disk_finding("/a", 256u << 20).what, "the disk of /a has 256 MiB free");
}

}  // namespace
}  // namespace service
