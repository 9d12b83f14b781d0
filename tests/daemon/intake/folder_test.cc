#include "intake/folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "intake/beneath.h"
#include "intake/sha256.h"

namespace intake {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    std::string name = (fs::temp_directory_path() / "fridayd-folder-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    folder_ = std::make_unique<Folder>(root_, std::vector<std::string>{});
    EXPECT_EQ("", folder_->prepare());
  }
  ~FolderTest() override { fs::remove_all(root_); }

  fs::path drafts(const std::string& path) const { return root_ / "drafts" / path; }
  fs::path published(const std::string& path) const { return root_ / "published" / path; }
  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  static std::string text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static mode_t mode(const fs::path& file) {
    struct stat status{};
    return ::lstat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
  }
  std::vector<std::string> found() const {
    std::vector<std::string> paths;
    for (const FoundFile& file : folder_->scan().drafts) paths.push_back(file.path);
    return paths;
  }
  std::vector<std::string> refused() const {
    std::vector<std::string> texts;
    for (const Refusal& refusal : folder_->scan().refused) texts.push_back(refusal.text());
    return texts;
  }

  fs::path root_;
  std::unique_ptr<Folder> folder_;
};

TEST_F(FolderTest, MakesItsFoldersForTheGroup) {
  EXPECT_EQ(02770U, mode(root_ / "drafts"));
  EXPECT_EQ(02770U, mode(root_ / "published"));
  EXPECT_EQ("", folder_->prepare());
  EXPECT_EQ("/nowhere/at/all: No such file or directory", Folder("/nowhere/at/all", {}).prepare());
}

TEST_F(FolderTest, FindsDraftsThreeFoldersDeep) {
  for (const char* path :
       {"a.md", "B.MARKDOWN", "d/index.md", "d/e/f/x.md", "d/e/f/g/deep.md", "a.txt", "d/a.png",
        "_notes/x.md", ".git/x.md", "README.md", "STATUS.md", ".hidden.md", "a.md~"}) {
    write(drafts(path), "x");
  }
  EXPECT_THAT(found(), ElementsAre("B.MARKDOWN", "a.md", "d/e/f/x.md", "d/index.md"));
  EXPECT_THAT(refused(), ElementsAre("d/e/f/g lies too deep; drafts may lie in up to three folders"));
  EXPECT_THAT(folder_->scan().folders, ElementsAre("d", "d/e", "d/e/f"));
}

TEST_F(FolderTest, RefusesWhatIsNoPlainFileByName) {
  write(root_ / "secret.md", "secret");
  write(drafts("a.md"), "x");
  fs::create_symlink(root_ / "secret.md", drafts("link.md"));
  fs::create_directory_symlink(root_, drafts("out"));
  fs::create_hard_link(root_ / "secret.md", drafts("hard.md"));
  ASSERT_EQ(0, ::mkfifo(drafts("pipe.md").c_str(), 0600));
  write(drafts("bad\xFFname.md"), "x");
  EXPECT_THAT(found(), ElementsAre("a.md"));
  EXPECT_THAT(refused(), ElementsAre("bad\\xffname.md has a name that is not UTF-8; rename it",
                                     "hard.md is a hard-linked file; put the file itself there",
                                     "link.md is a symbolic link; put the file itself there",
                                     "out is a symbolic link; put the file itself there",
                                     "pipe.md is a FIFO; put the file itself there"));
}

TEST_F(FolderTest, ReadsNothingThroughLinksOrOutside) {
  write(root_ / "secret.md", "secret");
  fs::create_symlink(root_ / "secret.md", drafts("link.md"));
  fs::create_directory_symlink(root_, drafts("out"));
  fs::create_hard_link(root_ / "secret.md", drafts("hard.md"));
  ASSERT_EQ(0, ::mkfifo(drafts("pipe.md").c_str(), 0600));
  const auto why = [&](const std::string& path) {
    const FileRead file = folder_->read(path, 100);
    EXPECT_EQ("", file.bytes) << path;
    return file.outcome == FileRead::Outcome::refused ? file.why : "?";
  };
  EXPECT_EQ("is a symbolic link", why("link.md"));
  EXPECT_EQ("is a symbolic link", why("out/secret.md"));
  EXPECT_EQ("is a hard-linked file", why("hard.md"));
  EXPECT_EQ("is a FIFO", why("pipe.md"));
  EXPECT_EQ("is a folder", (fs::create_directory(drafts("x.md")), why("x.md")));
  for (const char* path : {"../secret.md", "/etc/passwd", "a/../../secret.md", "", "./link.md", "a//b.md"}) {
    EXPECT_EQ("is on another file system", why(path)) << path;
  }
  EXPECT_EQ("is a symbolic link", folder_->look("link.md").why);
  EXPECT_EQ(OpenedImage::Outcome::refused, folder_->read_image("link.md", 100).outcome);
}

TEST_F(FolderTest, ReadsAFileWithItsSignature) {
  write(drafts("a.md"), "Text.");
  const FileRead file = folder_->read("a.md", 5);
  EXPECT_EQ(FileRead::Outcome::ok, file.outcome);
  EXPECT_EQ("Text.", file.bytes);
  EXPECT_EQ(folder_->scan().drafts.at(0).signature, file.signature);
  EXPECT_EQ(folder_->look("a.md").signature, file.signature);
  EXPECT_EQ(5, file.signature.size);
  EXPECT_EQ(FileRead::Outcome::too_large, folder_->read("a.md", 4).outcome);
  EXPECT_EQ(FileRead::Outcome::missing, folder_->read("b.md", 4).outcome);
  EXPECT_EQ(FileRead::Outcome::missing, folder_->look("no/b.md").outcome);
  write(drafts("empty.md"), "");
  EXPECT_EQ(FileRead::Outcome::empty, folder_->read("empty.md", 4).outcome);
  EXPECT_TRUE(folder_->exists("a.md"));
  EXPECT_FALSE(folder_->exists("empty.md"));
}

TEST_F(FolderTest, TakesFilesOfAllowedOwnersOnly) {
  write(drafts("a.md"), "x");
  const Folder nobody(root_, {"no-such-account"});
  ASSERT_EQ(1U, nobody.scan().refused.size());
  EXPECT_EQ("a.md belongs to an account that is not in allowed_owners; put the file itself there",
            nobody.scan().refused[0].text());
  EXPECT_EQ(FileRead::Outcome::refused, nobody.read("a.md", 10).outcome);
  EXPECT_EQ(FileRead::Outcome::missing, nobody.read("b.md", 10).outcome);
}

TEST_F(FolderTest, AFolderThatIsAwayIsNotAnEmptyOne) {
  fs::rename(root_ / "drafts", root_ / "elsewhere");
  const Scan scan = folder_->scan();
  EXPECT_FALSE(scan.complete);
  EXPECT_EQ((root_ / "drafts").string() + ": No such file or directory", scan.error);
  EXPECT_EQ(FileRead::Outcome::failed, folder_->look("a.md").outcome);
}

TEST_F(FolderTest, WritesProblemFilesForTheGroup) {
  write(drafts("d/a.md"), "x");
  const mode_t old = ::umask(0077);
  EXPECT_EQ("", folder_->write_problem("d/a.md", "one"));
  ::umask(old);
  EXPECT_EQ("one", text(drafts("d/a.md.problem.txt")));
  EXPECT_EQ(0660U, mode(drafts("d/a.md.problem.txt")));
  EXPECT_THAT(folder_->scan().problem_files, ElementsAre("d/a.md.problem.txt"));
  folder_->remove_problem("d/a.md");
  EXPECT_FALSE(fs::exists(drafts("d/a.md.problem.txt")));
  EXPECT_EQ("no/a.md: No such file or directory", folder_->write_problem("no/a.md", "one"));
}

TEST_F(FolderTest, WritesOnlyWhatChanged) {
  EXPECT_EQ("", folder_->write_status("one"));
  const auto inode = [&] {
    struct stat status{};
    EXPECT_EQ(0, ::stat((root_ / "STATUS.md").c_str(), &status));
    return status.st_ino;
  };
  const ino_t before = inode();
  EXPECT_EQ("", folder_->write_status("one"));
  EXPECT_EQ(before, inode());
  EXPECT_EQ("", folder_->write_status("two"));
  EXPECT_NE(before, inode());
  EXPECT_EQ("two", text(root_ / "STATUS.md"));
  EXPECT_EQ(0660U, mode(root_ / "STATUS.md"));
}

TEST_F(FolderTest, WritesOverALinkNotThroughIt) {
  write(root_ / "secret.md", "secret");
  fs::create_symlink(root_ / "secret.md", root_ / "STATUS.md");
  EXPECT_EQ("", folder_->write_status("words"));
  EXPECT_EQ("secret", text(root_ / "secret.md"));
  EXPECT_EQ("words", text(root_ / "STATUS.md"));
}

TEST_F(FolderTest, WritesAndRemovesASummary) {
  EXPECT_EQ("", folder_->write_problem_summary("all bad"));
  EXPECT_EQ("all bad", text(drafts("PROBLEMS.txt")));
  EXPECT_EQ("", folder_->write_problem_summary(""));
  EXPECT_FALSE(fs::exists(drafts("PROBLEMS.txt")));
}

TEST_F(FolderTest, LeavesNoTemporaryFile) {
  EXPECT_EQ("", folder_->write_status("one"));
  EXPECT_EQ("", folder_->write_problem("a.md", "one"));
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    EXPECT_EQ(std::string::npos, entry.path().string().find(".tmp")) << entry.path();
  }
}

// --- putting away ---

PutAway trust(const std::string& path) {
  return {path, sha256_hex("Text."), "---\npublished: 2026-11-27\n---\n\nText.", "2026/2026-11-27-trust", {}};
}

TEST_F(FolderTest, MovesAPublishedDraft) {
  write(drafts("trust.md"), "Text.");
  EXPECT_EQ("", folder_->write_problem("trust.md", "old"));
  const auto filed = folder_->put_away(trust("trust.md"));
  EXPECT_EQ("", filed.error);
  EXPECT_EQ("", filed.note);
  EXPECT_EQ("2026/2026-11-27-trust.md", filed.path);
  EXPECT_EQ(trust("").bytes, text(published("2026/2026-11-27-trust.md")));
  EXPECT_EQ(0660U, mode(published("2026/2026-11-27-trust.md")));
  EXPECT_EQ(02770U, mode(published("2026")));
  EXPECT_TRUE(fs::is_empty(root_ / "drafts"));
}

TEST_F(FolderTest, KeepsAnOriginalThatWasChanged) {
  write(drafts("trust.md"), "Text. More.");
  const auto filed = folder_->put_away(trust("trust.md"));
  EXPECT_EQ("2026/2026-11-27-trust.md", filed.path);
  EXPECT_EQ("trust.md was changed after it was published and stays", filed.note);
  EXPECT_EQ("Text. More.", text(drafts("trust.md")));
}

TEST_F(FolderTest, MayBeAskedTwice) {
  write(drafts("trust.md"), "Text.");
  folder_->put_away(trust("trust.md"));
  const auto filed = folder_->put_away(trust("trust.md"));
  EXPECT_EQ("2026/2026-11-27-trust.md", filed.path);
  EXPECT_EQ("", filed.note);
  EXPECT_EQ(1, std::distance(fs::directory_iterator(published("2026")), {}));
}

TEST_F(FolderTest, WritesOverNobodysFile) {
  write(published("2026/2026-11-27-trust.md"), "Somebody's.");
  const auto filed = folder_->put_away(trust("trust.md"));
  EXPECT_EQ("2026/2026-11-27-trust-2.md", filed.path);
  EXPECT_EQ("Somebody's.", text(published("2026/2026-11-27-trust.md")));
}

TEST_F(FolderTest, TakesAFolderOfAPostAlongWithItsImages) {
  write(drafts("trust/index.md"), "Text.");
  write(drafts("trust/images/a.png"), "png");
  write(drafts("shared/b.png"), "shared");
  PutAway post = trust("trust/index.md");
  post.images = {{"images/a.png", "png"}, {"../shared/b.png", "shared"}};
  EXPECT_EQ("", folder_->put_away(post).note);
  EXPECT_EQ("png", text(published("2026/2026-11-27-trust/images/a.png")));
  EXPECT_EQ("shared", text(published("2026/2026-11-27-trust/shared/b.png")));
  EXPECT_FALSE(fs::exists(drafts("trust")));
  EXPECT_TRUE(fs::exists(drafts("shared/b.png")));
}

TEST_F(FolderTest, LeavesOtherFilesInTheFolderOfAPost) {
  write(drafts("trust/index.md"), "Text.");
  write(drafts("trust/a.png"), "another png");
  write(drafts("trust/notes.txt"), "mine");
  PutAway post = trust("trust/index.md");
  post.images = {{"a.png", "png"}};
  EXPECT_EQ("", folder_->put_away(post).note);
  EXPECT_TRUE(fs::exists(drafts("trust/a.png")));
  EXPECT_TRUE(fs::exists(drafts("trust/notes.txt")));
  EXPECT_FALSE(fs::exists(drafts("trust/index.md")));
}

TEST_F(FolderTest, MakesTheFolderOfPublishedPostsAgain) {
  fs::remove_all(root_ / "published");
  write(drafts("trust.md"), "bytes");
  EXPECT_EQ("2026/2026-11-27-trust.md", folder_->put_away(trust("trust.md")).path);
}

TEST_F(FolderTest, SaysWhyItCannotPutAway) {
  fs::remove_all(root_);
  EXPECT_EQ("", folder_->put_away(trust("trust.md")).path);
  EXPECT_EQ(root_.string() + ": No such file or directory", folder_->put_away(trust("trust.md")).error);
}

TEST(OpenBeneath, WalksByStepsTheSameWay) {
  // Both ways of opening have to refuse alike; the steps are what remains without openat2.
  std::string name = (fs::temp_directory_path() / "fridayd-beneath-XXXXXX").string();
  const fs::path root = ::mkdtemp(name.data());
  fs::create_directories(root / "a" / "b");
  std::ofstream(root / "a" / "b" / "x.md") << "x";
  fs::create_directory_symlink(root / "a", root / "link");
  const FileDescriptor folder(::open(root.c_str(), O_PATH | O_DIRECTORY));
  for (auto* open : {&open_beneath, &open_beneath_by_steps}) {
    EXPECT_TRUE(open(folder.get(), "a/b/x.md", O_RDONLY, 0));
    EXPECT_FALSE(open(folder.get(), "link/b/x.md", O_RDONLY, 0));
    EXPECT_EQ(ELOOP, errno);
    EXPECT_FALSE(open(folder.get(), "../" + root.filename().string() + "/a/b/x.md", O_RDONLY, 0));
    EXPECT_EQ(EXDEV, errno);
    EXPECT_FALSE(open(folder.get(), "a/none.md", O_RDONLY, 0));
    EXPECT_EQ(ENOENT, errno);
  }
  fs::remove_all(root);
}

}  // namespace
}  // namespace intake
