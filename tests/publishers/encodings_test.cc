#include "publishers/email/encodings.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace publishers {
namespace {

std::string percent(std::string_view text) {
  std::string out;
  append_percent_encoded(out, text);
  return out;
}

std::string base32(std::string_view bytes) {
  std::string out;
  append_base32(out, bytes);
  return out;
}

TEST(Utf8, TakesEveryCharacterAndNothingElse) {
  for (const char* good : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF",
                          "\xED\xA0\x80", "\xED\xBF\xBF", "\xE2\x82", "\xE2\x28\xA1", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xC3", "\xF0\x9F\x98"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
    EXPECT_FALSE(is_utf8(std::string("x") + bad + "x"));
  }
}

TEST(Control, IsC0AndDelAndC1) {
  for (int c = 0; c < 0x20; ++c) EXPECT_TRUE(has_control(std::string("a") + static_cast<char>(c)));
  EXPECT_TRUE(has_control("\x7F"));
  EXPECT_TRUE(has_control("a\xC2\x80"));
  EXPECT_TRUE(has_control("a\xC2\x9Fz"));
  EXPECT_FALSE(has_control("a\xC2\xA0z \xC3\x9F \xF0\x9F\x98\x80"));
}

TEST(Base64, GivesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
  EXPECT_EQ(base64("\xFB\xFF\xBF"), "+/+/");
}

TEST(Base64, ComesBackForAnyBytes) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(random() & 0xFFU);
    ASSERT_EQ(from_base64(base64(bytes)), bytes);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const char* bad : {"Zg", "Zg=", "Z===g", "Zm9v\r\n", "Zm 9", "Zm-_"})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Base64, HasLinesOf76) {
  EXPECT_EQ(base64_lines(""), "");
  EXPECT_EQ(base64_lines("foo"), "Zm9v\r\n");
  const std::string a57(57, 'a');
  const std::string line = base64(a57);
  ASSERT_EQ(line.size(), 76U);
  EXPECT_EQ(base64_lines(a57), line + "\r\n");
  EXPECT_EQ(base64_lines(a57 + a57 + "f"), line + "\r\n" + line + "\r\nZg==\r\n");
}

TEST(Base32, GivesTheVectorsOfRfc4648InLowerCaseWithoutPadding) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "my"},
                                                       {"fo", "mzxq"},
                                                       {"foo", "mzxw6"},
                                                       {"foob", "mzxw6yq"},
                                                       {"fooba", "mzxw6ytb"},
                                                       {"foobar", "mzxw6ytboi"}};
  for (const auto& [plain, encoded] : cases) EXPECT_EQ(base32(plain), encoded);
}

TEST(Percent, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent("a b+c&d=e/f?g#h%i"), "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25i");
  EXPECT_EQ(percent("<\">'\r\n"), "%3C%22%3E%27%0D%0A");
  EXPECT_EQ(percent("\xC3\xBC"), "%C3%BC");
}

TEST(Uri, HoldsNothingThatEndsItInHeaderOrHtml) {
  EXPECT_TRUE(is_uri_text("https://[::1]:8/a-._~/?q=%20&r=!$'()*+,;=#f@"));
  EXPECT_TRUE(is_uri_text(""));
  for (const char* bad :
       {" ", "\"", "<", ">", "\\", "^", "`", "{", "|", "}", "\r", "\n", "\x7F", "\xC3\xBC"}) {
    EXPECT_FALSE(is_uri_text(std::string("https://a/") + bad)) << bad;
  }
}

TEST(WayToLeave, IsAWebAddressOrAMailAddress) {
  for (const char* good : {"https://example.org", "HTTPS://e/?x", "http://e", "mailto:leave@example.org"}) {
    EXPECT_TRUE(is_way_to_leave(good)) << good;
  }
  for (const char* bad :
       {"", "https://", "https:///x", "https://?x", "https:example.org", "mailto:", "mailto:?x",
        "javascript:alert(1)", "ftp://example.org", "leave@example.org", "//example.org"}) {
    EXPECT_FALSE(is_way_to_leave(bad)) << bad;
  }
}

TEST(Html, HasNoMarkupLeft) {
  std::string out;
  append_html(out, "<a href=\"x\" id='y'>R&D</a>");
  EXPECT_EQ(out, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
}

TEST(Blanks, AreSpacesAndTabs) {
  EXPECT_EQ(without_outer_blanks(" \t a b\t "), "a b");
  EXPECT_EQ(without_outer_blanks(" \t "), "");
  EXPECT_EQ(without_outer_blanks("\na\n"), "\na\n");
}

TEST(Case, IsThatOfAsciiOnly) {
  EXPECT_EQ(ascii_lower("AZaz\xC3\x9C[@"), "azaz\xC3\x9C[@");
  EXPECT_TRUE(starts_with_ignoring_case("MailTo:x", "mailto:"));
  EXPECT_FALSE(starts_with_ignoring_case("mail", "mailto:"));
}

}  // namespace
}  // namespace publishers
