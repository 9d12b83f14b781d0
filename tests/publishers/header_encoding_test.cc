#include "publishers/email/header_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace publishers {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

HeaderText text(std::string_view value) {
  const auto made = HeaderText::from(value);
  EXPECT_TRUE(made) << made.error();
  return made ? *made : *HeaderText::from("");
}

std::string field(std::string_view name, std::string_view value) {
  std::string out;
  append_text_field(out, name, text(value));
  return out;
}

std::string to_field(std::string_view name, std::string_view address) {
  std::string out;
  append_mailbox_field(out, "To", text(name), *parse_address(address));
  return out;
}

std::string parameter(std::string_view value) {
  std::string out;
  append_parameter(out, "filename", text(value));
  return out;
}

void expect_folded(const std::string& header) {
  EXPECT_TRUE(header.ends_with("\r\n"));
  std::size_t begin = 0;
  while (begin < header.size()) {
    const std::size_t end = header.find("\r\n", begin);
    ASSERT_NE(end, std::string::npos);
    const std::string line = header.substr(begin, end - begin);
    EXPECT_LE(line.size(), 76U) << line;
    EXPECT_NE(line.find_first_not_of(' '), std::string::npos) << "a line of blanks only";
    EXPECT_TRUE(begin == 0 || line[0] == ' ') << line;
    begin = end + 2;
  }
}

TEST(HeaderText, HoldsNothingThatEndsALine) {
  using namespace std::string_literals;
  EXPECT_EQ(HeaderText::from("a\r\nBcc: x").error(), "holds a line break");
  EXPECT_EQ(HeaderText::from("a\rb").error(), "holds a line break");
  EXPECT_EQ(HeaderText::from("a\nb").error(), "holds a line break");
  EXPECT_EQ(HeaderText::from("a\tb").error(), "holds a control character");
  EXPECT_EQ(HeaderText::from("a\0b"s).error(), "holds a control character");
  EXPECT_EQ(HeaderText::from("a\x0B").error(), "holds a control character");
  EXPECT_EQ(HeaderText::from("a\x0C").error(), "holds a control character");
  EXPECT_EQ(HeaderText::from("a\xC2\x85").error(), "holds a control character");
  EXPECT_EQ(HeaderText::from("\xFF").error(), "is not UTF-8");
  EXPECT_EQ(text("J\xC3\xBCrgen \"J\" <x>").text(), "J\xC3\xBCrgen \"J\" <x>");
}

TEST(HeaderName, IsPrintableAsciiWithoutColon) {
  EXPECT_TRUE(is_header_name("X-Campaign"));
  for (const char* bad : {"", "X Campaign", "X:", "X\r\n", "X\x7F", "\xC3\xBC"})
    EXPECT_FALSE(is_header_name(bad));
  EXPECT_FALSE(is_header_name(std::string(100, 'x')));
}

TEST(TextField, LeavesPlainAsciiReadable) {
  EXPECT_EQ(field("Subject", "A question of trust"), "Subject: A question of trust\r\n");
  EXPECT_EQ(field("Subject", "\"Quoted\", (and) <so> on; a=b?"),
            "Subject: \"Quoted\", (and) <so> on; a=b?\r\n");
  EXPECT_EQ(field("X-Empty", ""), "X-Empty: \r\n");
}

TEST(TextField, FoldsLongTextAtItsBlanks) {
  std::string words;
  for (int i = 0; i < 40; ++i) words += "trust ";
  words += "  end";
  const std::string header = field("Subject", words);
  expect_folded(header);
  std::string unfolded = header;
  for (std::size_t at; (at = unfolded.find("\r\n ")) != std::string::npos;) unfolded.erase(at, 2);
  EXPECT_EQ(unfolded, "Subject: " + words + "\r\n");
}

TEST(TextField, EncodesWhateverIsNotPlain) {
  EXPECT_EQ(field("Subject", "Trust and K\xC3\xB6ln, a letter"),
            "Subject: =?UTF-8?Q?Trust_and_K=C3=B6ln=2C_a_letter?=\r\n");
  EXPECT_EQ(field("Subject", "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"),
            "Subject: =?UTF-8?B?5pel5pys6Kqe?=\r\n");
  EXPECT_EQ(field("Subject", "=?utf-8?q?Bcc?="), "Subject: =?UTF-8?B?PT91dGYtOD9xP0JjYz89?=\r\n");
  EXPECT_EQ(field("Subject", " a"), "Subject: =?UTF-8?Q?_a?=\r\n");
  EXPECT_EQ(field("Subject", "a "), "Subject: =?UTF-8?Q?a_?=\r\n");
}

TEST(TextField, SplitsEncodedWordsBetweenCharacters) {
  std::string faces;
  for (int i = 0; i < 60; ++i) faces += "\xF0\x9F\x98\x80";
  const std::string header = field("Subject", faces);
  expect_folded(header);
  // 4 bytes each: a word of whole characters never ends in the middle of a group of 12 letters of base64.
  EXPECT_THAT(header, HasSubstr("=?UTF-8?B?"));
  expect_folded(field("X-A-Rather-Long-Name-Of-A-Header-That-Leaves-No-Room-For-Any-Word", faces));
}

TEST(TextField, KeepsEvenOneVeryLongWordWithinTheLine) {
  expect_folded(field("Subject", std::string(5000, 'x')));
  expect_folded(field("Subject", "a " + std::string(39, 'x')));
}

TEST(MailboxField, WritesTheNameAsPlainlyAsItMay) {
  EXPECT_EQ(to_field("", "ada@example.org"), "To: ada@example.org\r\n");
  EXPECT_EQ(to_field("Ada Lovelace", "ada@example.org"), "To: Ada Lovelace <ada@example.org>\r\n");
  EXPECT_EQ(to_field("Lovelace, Ada", "ada@example.org"), "To: \"Lovelace, Ada\" <ada@example.org>\r\n");
  EXPECT_EQ(to_field("Ada \"Al\" \\L", "ada@example.org"),
            "To: \"Ada \\\"Al\\\" \\\\L\" <ada@example.org>\r\n");
  EXPECT_EQ(to_field("J\xC3\xBCrgen", "j@example.org"), "To: =?UTF-8?Q?J=C3=BCrgen?= <j@example.org>\r\n");
  EXPECT_EQ(to_field("eve@example.org", "ada@example.org"), "To: \"eve@example.org\" <ada@example.org>\r\n");
}

TEST(MailboxField, EncodesAllInANameThatMeansSomething) {
  EXPECT_EQ(to_field("a,b <c@d>; \"e\" (f) \xC3\xBC", "ada@example.org"),
            "To: =?UTF-8?B?YSxiIDxjQGQ+OyAiZSIgKGYpIMO8?= <ada@example.org>\r\n");
  EXPECT_EQ(to_field("J\xC3\xBCrgen M. <all at home and away>", "j@example.org"),
            "To: =?UTF-8?Q?J=C3=BCrgen_M=2E_=3Call_at_home_and_away=3E?= <j@example.org>\r\n");
}

TEST(MailboxField, FoldsLongNames) {
  std::string name;
  for (int i = 0; i < 80; ++i) name += "J\xC3\xBCrgen ";
  name += "M";
  expect_folded(to_field(name, "ada@example.org"));
  EXPECT_EQ(to_field("Ada Lovelace of the Analytical Engine", std::string(60, 'a') + "@example.org"),
            "To: Ada Lovelace of the Analytical Engine\r\n <" + std::string(60, 'a') + "@example.org>\r\n");
}

TEST(ListIdField, AlwaysHasItsBrackets) {
  std::string out;
  append_list_id_field(out, text(""), "weekly.example.org");
  append_list_id_field(out, text("Weekly, by us"), "weekly.example.org");
  EXPECT_EQ(out, "List-Id: <weekly.example.org>\r\nList-Id: \"Weekly, by us\" <weekly.example.org>\r\n");
}

TEST(Parameter, IsQuotedOrFollowsRfc2231) {
  EXPECT_EQ(parameter("chart.png"), ";\r\n filename=\"chart.png\"");
  EXPECT_EQ(parameter("a\"b\\c.png"), ";\r\n filename=\"a\\\"b\\\\c.png\"");
  EXPECT_EQ(parameter("\xC3\xBC \".png"), ";\r\n filename*=UTF-8''%C3%BC%20%22.png");
  EXPECT_EQ(parameter("=?utf-8?q?x?="), ";\r\n filename*=UTF-8''%3D%3Futf-8%3Fq%3Fx%3F%3D");
  const std::string longer = parameter(std::string(60, 'x') + ".png");
  EXPECT_THAT(longer, StartsWith(";\r\n filename*0*=UTF-8''xxx"));
  EXPECT_THAT(longer, HasSubstr(";\r\n filename*1*="));
  EXPECT_THAT(longer, testing::Not(HasSubstr("*2*")));
}

TEST(Date, IsThatOfRfc5322) {
  using namespace std::chrono;
  const auto at = [](year_month_day day, seconds time) { return sys_seconds(sys_days(day)) + time; };
  EXPECT_EQ(rfc5322_date(at(2026y / November / 27, 13h), minutes(-300)), "Fri, 27 Nov 2026 08:00:00 -0500");
  EXPECT_EQ(rfc5322_date(at(2026y / December / 31, 23h), minutes(90)), "Fri, 01 Jan 2027 00:30:00 +0130");
  EXPECT_EQ(rfc5322_date(at(2024y / March / 1, 0h), minutes(-30)), "Thu, 29 Feb 2024 23:30:00 -0030");
  EXPECT_EQ(rfc5322_date(at(1970y / January / 1, 0h), minutes(0)), "Thu, 01 Jan 1970 00:00:00 +0000");
}

}  // namespace
}  // namespace publishers
