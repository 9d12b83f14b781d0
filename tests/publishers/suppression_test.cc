#include "publishers/email/suppression.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace publishers {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

Address address(std::string_view text) {
  auto parsed = parse_address(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Address{};
}

class SuppressionTest : public testing::Test {
 protected:
  SuppressionTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "suppression.XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SuppressionTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path() const { return folder_ / "suppressed.csv"; }
  // As somebody left it long ago.
  void write(const std::string& content) {
    std::ofstream(path(), std::ios::binary) << content;
    age(std::chrono::hours(1));
  }
  void age(std::chrono::milliseconds age) {
    std::filesystem::last_write_time(path(), std::filesystem::file_time_type::clock::now() - age);
  }
  void write_now(const std::string& content) {
    std::ofstream(path(), std::ios::binary) << content;
    // Nobody's clock makes it old before it is read.
    std::filesystem::last_write_time(
        path(), std::filesystem::file_time_type::clock::now() + std::chrono::milliseconds(900));
  }
  std::string content() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void append(std::string_view text) {
    EXPECT_EQ(SuppressionList::append(path(), address(text)), std::nullopt);
  }

  static std::vector<std::string> bad_lines(const SuppressionList& list) {
    std::vector<std::string> all;
    for (const auto& bad : list.bad_lines()) all.push_back(std::to_string(bad.line) + ": " + bad.why);
    return all;
  }

  std::filesystem::path folder_;
};

TEST_F(SuppressionTest, IsEmptyWhereThereNeverWasAFile) {
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_EQ(list.size(), 0U);
  EXPECT_FALSE(list.contains(address("ada@x.org")));
}

TEST_F(SuppressionTest, ReadsLinesAndFirstColumnsWithoutTheCaseOfLetters) {
  write(
      "\xEF\xBB\xBF"
      "Email,date\r\n"
      "# those who left\n"
      "ada@x.org\n"
      "  Bob@X.org , 2026-11-01\n"
      "\n"
      "\"carl@x.org\";why\n"
      "dora@b\xC3\xBC"
      "cher.example\tx\n"
      "emil@x.org # asked by phone\n"
      "\"f,f\"@x.org\n"
      "\"\"\"g;g\"\"@x.org\",2026\n"
      "last@x.org");
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_THAT(bad_lines(list), IsEmpty());
  for (const char* there : {"ADA@x.org", "bob@x.org", "carl@x.org", "dora@xn--bcher-kva.example",
                            "emil@x.org", "\"f,f\"@x.org", "\"g;g\"@x.org", "last@x.org"}) {
    EXPECT_TRUE(list.contains(address(there))) << there;
  }
  EXPECT_EQ(list.size(), 8U);
  EXPECT_FALSE(list.contains(address("adam@x.org")));
}

TEST_F(SuppressionTest, NamesTheLinesThatHoldNoAddress) {
  write("address\nada@x.org\nbob\naddress\nCarl <carl@x.org>\n\xFF@x.org\nemil@x.org\n");
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_THAT(bad_lines(list),
              ElementsAre("3: it has no @", "4: it has no @", "5: it has no @", "6: it is not UTF-8"));
  EXPECT_EQ(list.size(), 2U);
}

TEST_F(SuppressionTest, SeesEveryChangeOfTheFile) {
  write("ada@x.org\n");
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  append("bob@x.org");
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_TRUE(list.contains(address("bob@x.org")));
  // By another file of the same size and time in its place.
  const auto time = std::filesystem::last_write_time(path());
  std::ofstream(folder_ / "new") << "ada@x.org\neve@x.org\n";
  std::filesystem::last_write_time(folder_ / "new", time);
  std::filesystem::rename(folder_ / "new", path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_TRUE(list.contains(address("eve@x.org")));
  EXPECT_FALSE(list.contains(address("bob@x.org")));
}

TEST_F(SuppressionTest, KeepsTheOldListWhenTheFileIsGone) {
  write("ada@x.org\n");
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  std::filesystem::remove(path());
  EXPECT_EQ(list.refresh(), path().string() + ": No such file or directory");
  EXPECT_TRUE(list.contains(address("ada@x.org")));
  std::filesystem::create_directory(path());
  EXPECT_EQ(list.refresh(), path().string() + ": Is a directory");
  EXPECT_TRUE(list.contains(address("ada@x.org")));
  std::filesystem::remove(path());
  write("bob@x.org\n");
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_FALSE(list.contains(address("ada@x.org")));
}

TEST_F(SuppressionTest, IsNotEmptyBecauseAFileThatWasThereIsGone) {
  SuppressionList list(path());
  list.was_there();
  EXPECT_EQ(list.refresh(), path().string() + ": No such file or directory");
  EXPECT_EQ(list.trouble(), SuppressionList::Trouble::gone);
  write("");
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_EQ(list.trouble(), SuppressionList::Trouble::none);
  EXPECT_EQ(list.size(), 0U);
}

TEST_F(SuppressionTest, IsNotReadInTheMidstOfBeingWritten) {
  for (const char* half : {"", "ada@x.org\nbob@x"}) {
    write_now(half);
    SuppressionList list(path());
    EXPECT_EQ(list.refresh(), path().string() + ": is being written") << half;
    EXPECT_EQ(list.trouble(), SuppressionList::Trouble::being_written);
    age(std::chrono::hours(1));
    EXPECT_EQ(list.refresh(), std::nullopt) << half;
  }
}

TEST_F(SuppressionTest, KeepsTheOldListWhileTheFileIsBeingWritten) {
  write("ada@x.org\nbob@x.org\n");
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  for (const char* half : {"", "ada@x.org\nb", "ada@x.org\n"}) {
    write_now(half);
    EXPECT_EQ(list.refresh(), std::nullopt) << half;
    EXPECT_EQ(list.size(), 2U) << half;
  }
  write_now("ada@x.org\nbob@x.org\ncarl@x.org\n");
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_EQ(list.size(), 3U);
  write("ada@x.org\n");
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_EQ(list.size(), 1U);
}

TEST_F(SuppressionTest, AppendsALineAnAddressOnce) {
  append("Ada@x.org");
  append("ada@X.org");
  append("bob@x.org");
  EXPECT_EQ(content(), "Ada@x.org\nbob@x.org\n");
  const auto rights = std::filesystem::status(path()).permissions();
  EXPECT_EQ(rights & std::filesystem::perms::others_all, std::filesystem::perms::none);
}

TEST_F(SuppressionTest, EndsTheLineBeforeItsOwn) {
  write("ada@x.org");
  append("bob@x.org");
  EXPECT_EQ(content(), "ada@x.org\nbob@x.org\n");
}

TEST_F(SuppressionTest, FindsWhateverItHasAppended) {
  const std::vector<std::string> texts = {"#ada@x.org",
                                          "\"a,b\"@x.org",
                                          "\"a;b\"@x.org",
                                          "\"a b\"@x.org",
                                          "\"#\\\"#\"@x.org",
                                          "\"a\\\\\"@x.org",
                                          "\"\\\"\"@x.org",
                                          "\xC3\xBC@x.org",
                                          "a@b\xC3\xBC"
                                          "cher.example",
                                          "address@x.org",
                                          "\"a@b\"@x.org"};
  for (const std::string& text : texts) {
    append(text);
    const std::string once = content();
    append(text);
    EXPECT_EQ(content(), once) << text;
  }
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_THAT(bad_lines(list), IsEmpty());
  EXPECT_EQ(list.size(), texts.size());
  for (const std::string& text : texts) EXPECT_TRUE(list.contains(address(text))) << text;
}

TEST_F(SuppressionTest, LosesNothingToOtherProcesses) {
  constexpr int kProcesses = 4;
  constexpr int kEach = 25;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool good = true;
      for (int i = 0; i < kEach; ++i) {
        // Every second one is appended by all.
        const std::string who = i % 2 == 0 ? std::to_string(p) : "all";
        good = good && !SuppressionList::append(path(), address(who + "." + std::to_string(i) + "@x.org"));
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  SuppressionList list(path());
  EXPECT_EQ(list.refresh(), std::nullopt);
  EXPECT_THAT(bad_lines(list), IsEmpty());
  constexpr std::size_t kWanted = kProcesses * 13 + 12;
  EXPECT_EQ(list.size(), kWanted);
  const std::string lines = content();
  EXPECT_EQ(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')), kWanted);
}

TEST_F(SuppressionTest, SaysWhyItCantAppendAndLeavesNoHalfLine) {
  EXPECT_THAT(*SuppressionList::append(folder_ / "none" / "suppressed.csv", address("ada@x.org")),
              EndsWith("suppressed.csv: No such file or directory"));
  write("ada@x.org\n");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // The disk is full after four bytes more.
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{14, 14};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto why = SuppressionList::append(path(), address("bob@x.org"));
    ::_exit(why && why->ends_with(": File too large") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(), "ada@x.org\n");
}

}  // namespace
}  // namespace publishers
