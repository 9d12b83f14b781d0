#include "intake/slug.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

TEST(Slug, IsMadeOfATitle) {
  EXPECT_EQ("a-question-of-trust", slugify("A Question of Trust"));
  EXPECT_EQ("whats-new-in-zurich", slugify("What’s new in Zürich?"));
  EXPECT_EQ("dont-stop", slugify("Don't  --  stop!"));
  EXPECT_EQ("strasse-oel", slugify("Straße Œl").substr(0, 11));
  EXPECT_EQ("moskva", slugify("Москва"));
  EXPECT_EQ("bei-jing", slugify("北京"));
  EXPECT_EQ("c-vs-c", slugify("C# vs. C++"));
  EXPECT_EQ("10-tips", slugify("10 tips"));
}

TEST(Slug, IsNothingWithoutALetter) {
  EXPECT_EQ("", slugify(""));
  EXPECT_EQ("", slugify("2026"));
  EXPECT_EQ("", slugify("!!! 🎉 ---"));
  EXPECT_EQ("", slugify("'’'"));
}

TEST(Slug, IsCutAtAWord) {
  EXPECT_EQ(std::string(79, 'a'), slugify(std::string(79, 'a') + " bbb"));
  EXPECT_EQ(std::string(80, 'a'), slugify(std::string(80, 'a') + " bbb"));
  EXPECT_EQ(std::string(80, 'a'), slugify(std::string(81, 'a')));
  EXPECT_EQ(std::string(80, 'a'), slugify(std::string(1 << 20, 'a')));
}

TEST(Slug, IsAlwaysWellFormed) {
  for (const char* title :
       {"Ünïcode", "--a--", "ﬁne ½ ™", "\xF0\x9F\x8E\x89 party", "Ελληνικά", "عربى", "한국어"}) {
    EXPECT_TRUE(well_formed_slug(slugify(title))) << title << " -> " << slugify(title);
  }
}

TEST(Slug, HasAForm) {
  EXPECT_TRUE(well_formed_slug("a"));
  EXPECT_TRUE(well_formed_slug("2026-review"));
  for (const char* bad : {"", "A", "a_b", "a b", "-a", "a-", "2026", "../x", "ä", "a.b"}) {
    EXPECT_FALSE(well_formed_slug(bad)) << bad;
  }
  EXPECT_FALSE(well_formed_slug(std::string(81, 'a')));
}

TEST(Slug, OfTheSiteItselfIsReserved) {
  for (const char* word : {"index", "feed", "assets", "tags", "series", "page"})
    EXPECT_TRUE(reserved_slug(word));
  EXPECT_FALSE(reserved_slug("feeds"));
}

}  // namespace
}  // namespace intake
