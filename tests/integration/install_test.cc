// What cmake --install puts where: its documents, its units and its manual pages name only what is there, and
// its programs run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "support/mail_certificates.h"
#include "support/trial.h"

namespace {

namespace fs = std::filesystem;
using support::contents;
using support::Ran;
using testing::HasSubstr;

// A prefix that nothing here was configured for.
constexpr const char* kPrefix = "/opt/friday";

std::vector<std::string> found_in(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at)
    all.push_back((*at)[1].str());
  return all;
}

// Where the links of a document lead to within its folder and those around it.
std::vector<std::string> relative_links(std::string markdown) {
  static const std::regex kCode("```[^]*?```|`[^`\n]*`");
  static const std::regex kLink(R"(\]\(([^)#]+)[^)]*\))");
  std::vector<std::string> links = found_in(std::regex_replace(markdown, kCode, ""), kLink);
  std::erase_if(links, [](const std::string& link) { return link.find("://") != std::string::npos; });
  return links;
}

class Installed : public testing::Test {
 protected:
  void SetUp() override {
    const Ran installed = support::run({"cmake", "--install", FRIDAYD_BINARY_DIR, "--prefix", kPrefix},
                                       {{"DESTDIR", root_.path().string()}});
    ASSERT_EQ(installed.exit, 0) << installed.out;
  }

  // Of a path that the installation will have once it is in its place.
  fs::path at(const std::string& path) const { return root_.path() / path.substr(1); }
  fs::path in_prefix(const std::string& path) const { return at(kPrefix + ('/' + path)); }

  std::vector<fs::path> files(const std::string& folder, const std::string& extension) const {
    std::vector<fs::path> all;
    for (const auto& entry : fs::recursive_directory_iterator(in_prefix(folder)))
      if (entry.is_regular_file() && entry.path().extension() == extension) all.push_back(entry.path());
    return all;
  }

  support::MailFolder root_;
};

TEST_F(Installed, EachLinkOfADocumentLeadsToAnother) {
  const fs::path documents = in_prefix("share/doc/fridayd");
  std::set<fs::path> linked;
  for (const fs::path& document : files("share/doc/fridayd", ".md")) {
    for (const std::string& link : relative_links(contents(document))) {
      const fs::path target = (document.parent_path() / link).lexically_normal();
      EXPECT_TRUE(fs::is_regular_file(target)) << document << " links " << link;
      EXPECT_TRUE(target.string().starts_with(documents.string() + '/')) << document << " links " << link;
      linked.insert(target.lexically_relative(documents));
    }
  }
  for (const char* one : {"docs/images/blog.png", "docs/images/mail.png", "docs/operating.md",
                          "docs/publishers.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"})
    EXPECT_TRUE(linked.contains(one)) << one;
}

TEST_F(Installed, NothingOfTheDocumentsIsLeftOut) {
  for (const char* file : {"README.md", "docs/api.json", "docs/images/blog-phone-dark.png",
                           "docs/performance.md", "examples/fridayd.toml", "examples/demo.toml"})
    EXPECT_NE(contents(in_prefix("share/doc/fridayd") / file), "") << file;
  EXPECT_NE(contents(in_prefix("share/fridayd/templates/blog/post.html.j2")), "");
}

TEST_F(Installed, TheProgramsRun) {
  for (const char* name : {"fridayd", "fridayctl"}) {
    const Ran ran = support::run({in_prefix("bin").string() + '/' + name, "--version"});
    EXPECT_EQ(ran.exit, 0) << ran.out;
    EXPECT_THAT(ran.out, HasSubstr(name));
  }
}

TEST_F(Installed, TheUnitsNameProgramsThatAreThere) {
  static const std::regex kProgram("\nExec[A-Za-z]*=[-+!:@]*([^ \n]*)");
  std::vector<std::string> programs;
  for (const char* unit : {"fridayd.service", "fridayd.socket"}) {
    const std::string text = contents(in_prefix("lib/systemd/system") / unit);
    EXPECT_NE(text, "") << unit;
    for (const std::string& program : found_in(text, kProgram)) programs.push_back(program);
  }
  EXPECT_THAT(programs, testing::Contains(std::string(kPrefix) + "/bin/fridayd"));
  for (const std::string& program : programs) {
    const auto rights = fs::status(at(program)).permissions();
    EXPECT_NE(rights & fs::perms::owner_exec, fs::perms::none) << program;
  }
  for (const char* folder : {"lib/sysusers.d", "lib/tmpfiles.d"})
    EXPECT_NE(contents(in_prefix(folder) / "fridayd.conf"), "") << folder;
}

TEST_F(Installed, TheManualPagesNameDocumentsThatAreThere) {
  static const std::regex kDocument(R"((/[a-z/]*/share/doc/[^\s,]*[^\s,.]))");
  std::set<std::string> named;
  for (const char* page : {"man1/fridayctl.1", "man5/fridayd.toml.5", "man8/fridayd.8"}) {
    const std::string text = contents(in_prefix("share/man") / page);
    EXPECT_NE(text, "") << page;
    for (std::string& path : found_in(text, kDocument)) {
      std::erase(path, '\\');
      EXPECT_TRUE(fs::is_regular_file(at(path))) << page << " names " << path;
      named.insert(path);
    }
  }
  EXPECT_THAT(named, testing::Contains(std::string(kPrefix) + "/share/doc/fridayd/docs/operating.md"));
}

}  // namespace
