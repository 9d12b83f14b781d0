#include "intake/file_names.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

TEST(FileNames, OfDrafts) {
  for (const char* name : {"a.md", "A.MD", "b.markdown", "Statuses.md", "my readme.md", "2026-11-27 trust.md",
                           "status-meetings.md", "a~b.md"}) {
    EXPECT_TRUE(draft_name(name)) << name;
  }
}

TEST(FileNames, LeftByOthersAreNoDrafts) {
  for (const char* name : {"a.txt",
                           "a.md~",
                           ".a.md",
                           "._a.md",
                           ".#a.md",
                           "#a.md#",
                           "_notes.md",
                           "STATUS.md",
                           "STATUS (2).md",
                           "README.md",
                           "readme.md",
                           "a.md.swp",
                           ".a.md.swp",
                           "4913",
                           "a.md.tmp",
                           "a.md.part",
                           "a.md.crdownload",
                           "~$a.md",
                           "~syncthing~a.md.tmp",
                           ".syncthing.a.md.tmp",
                           ".~lock.a.md#",
                           ".goutputstream-ABC",
                           "a.md.kate-swp",
                           "a.md.problem.txt",
                           "a.md.bak",
                           "md",
                           "a.md.sb-1234-x"}) {
    EXPECT_FALSE(draft_name(name)) << name;
  }
}

TEST(FileNames, OfProblemsStandBesideTheDraft) {
  EXPECT_EQ("trust.md.problem.txt", problem_file_name("trust.md"));
  const std::string longest = std::string(197, 'a') + ".md";
  EXPECT_EQ(longest + ".problem.txt", problem_file_name(longest));
}

TEST(FileNames, OfProblemsOfLongNamesAreShortAndDiffer) {
  const std::string one = std::string(240, 'a') + "1.md";
  const std::string two = std::string(240, 'a') + "2.md";
  EXPECT_LT(problem_file_name(one).size(), 200U);
  EXPECT_NE(problem_file_name(one), problem_file_name(two));
  EXPECT_EQ(problem_file_name(one), problem_file_name(one));
  EXPECT_TRUE(problem_file(problem_file_name(one)));
}

TEST(FileNames, ArePartsOfAPath) {
  EXPECT_EQ(0, folders_above("a.md"));
  EXPECT_EQ(3, folders_above("a/b/c/d.md"));
  EXPECT_EQ("d.md", last_name("a/d.md"));
  EXPECT_EQ("a/b", parent_folder("a/b/d.md"));
  EXPECT_EQ("", parent_folder("d.md"));
  EXPECT_EQ("d.md", join_path("", "d.md"));
  EXPECT_EQ("a/d.md", join_path("a", "d.md"));
}

}  // namespace
}  // namespace intake
