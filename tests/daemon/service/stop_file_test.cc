#include "service/stop_file.h"

#include <gtest/gtest.h>

#include "support/temp_folder.h"

namespace service {
namespace {

namespace fs = std::filesystem;

TEST(StopFile, IsFoundOrNot) {
  const support::TempFolder folder;
  fs::create_directory(folder / "drafts");
  EXPECT_EQ(stop_file_in(folder / ""), false);
  folder.write("STOP", "");
  EXPECT_EQ(stop_file_in(folder / ""), true);
  fs::remove(folder / "STOP");
  fs::create_symlink("nowhere", folder / "STOP");
  EXPECT_EQ(stop_file_in(folder / ""), true);
}

TEST(StopFile, AFolderThatIsAwayTellsNothing) {
  const support::TempFolder folder;
  EXPECT_EQ(stop_file_in(folder / "away"), std::nullopt);
  EXPECT_EQ(stop_file_in(folder / ""), std::nullopt) << "the place of a share that is not mounted";
  folder.write("file", "");
  EXPECT_EQ(stop_file_in(folder / "file"), std::nullopt);
}

}  // namespace
}  // namespace service
