#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "template_testing.h"

namespace templates {
namespace {

namespace fs = std::filesystem;

class TemplateOverlay : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "overlay.XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  fs::path folder_;
};

const boost::json::object kBlog = {{"site",
                                    {{"title", "S"},
                                     {"url", "https://s"},
                                     {"author", ""},
                                     {"brand", ""},
                                     {"colour", "#123456"},
                                     {"language", "en"}}},
                                   {"channel", {{"key", "blog"}, {"url", "https://b"}}},
                                   {"theme", {{"style_url", "s.css"}, {"feed_url", "f.xml"}}}};

TEST_F(TemplateOverlay, ReplacesSingleFiles) {
  write("blog/404.html.j2", "gone");
  write("blog/style.css", "body { }");
  const TemplateSet set(folder_);
  EXPECT_EQ(set.render("blog/404.html.j2", {}), "gone");
  EXPECT_EQ(set.file("blog/style.css"), "body { }");
  EXPECT_TRUE(set.has("blog/post.html.j2"));
}

TEST_F(TemplateOverlay, ReplacesTheBaseOfABuiltInPage) {
  write("blog/base.html.j2",
        "{% block language %}{% endblock %}{% block title %}{% endblock %}"
        "{% block head %}{% endblock %}{% block masthead %}{% endblock %}"
        "[{% block main %}{% endblock %}]");
  EXPECT_THAT(TemplateSet(folder_).render("blog/404.html.j2", kBlog),
              testing::HasSubstr("[<div class=\"missing\">"));
}

TEST_F(TemplateOverlay, AddsFilesThatCanBeIncluded) {
  write("parts/banner.html.j2", "banner");
  write("blog/404.html.j2", "{% include \"parts/banner.html.j2\" %}");
  EXPECT_EQ(TemplateSet(folder_).render("blog/404.html.j2", {}), "banner");
}

TEST_F(TemplateOverlay, LeavesHiddenFilesAlone) {
  write(".git/x.html.j2", "{{");
  write("blog/.404.html.j2.swp", "{{");
  EXPECT_TRUE(TemplateSet(folder_).has("blog/post.html.j2"));
}

TEST_F(TemplateOverlay, AnErrorNamesThePath) {
  write("blog/404.html.j2", "a\n{{ 1 ");
  const std::string path = (folder_ / "blog/404.html.j2").string();
  EXPECT_EQ(error_of([&] { const TemplateSet set(folder_); }),
            path + ":2:1: {{ is never closed; end it with }}");
  write("blog/404.html.j2", "{{ pots }}");
  EXPECT_EQ(error_of([&] { TemplateSet(folder_).render("blog/404.html.j2", {{"post", 1}}); }),
            path + ":1:4: no variable \"pots\"; did you mean \"post\"?");
}

TEST_F(TemplateOverlay, AFolderThatIsNotThere) {
  const fs::path missing = folder_ / "missing";
  EXPECT_EQ(error_of([&] { const TemplateSet set(missing); }),
            missing.string() + ": no such folder; check templates in the configuration");
}

TEST_F(TemplateOverlay, AFileThatIsNoText) {
  write("blog/video.bin", std::string((1u << 20) + 1, 'x'));
  EXPECT_EQ(error_of([&] { const TemplateSet set(folder_); }),
            (folder_ / "blog/video.bin").string() + ": over 1 MiB; a theme holds only text");
}

}  // namespace
}  // namespace templates
