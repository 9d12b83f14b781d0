#include "publishers/email/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace publishers {
namespace {

std::string canonical(std::string_view text) {
  const auto address = parse_address(text);
  return address ? address->text() : "refused: " + address.error();
}

std::string mailbox(std::string_view text) {
  const auto parsed = parse_mailbox(text);
  return parsed ? '[' + parsed->name + "][" + parsed->address.text() + ']' : "refused: " + parsed.error();
}

TEST(Address, TakesWhatMailServersTake) {
  for (const char* text : {
           "ada@example.org",
           "ada.lovelace+friday@example.org",
           "!#$%&'*+-/=?^_`{|}~@example.org",
           "a@b",
           "ada@localhost",
           "ada@1and1.example",
           "ada@a-b.example",
           "\"ada lovelace\"@example.org",
           "\"ada@home\"@example.org",
           "\"a\\\"b\\\\c\"@example.org",
           "\"ada.\"@example.org",
           "0@example.org",
       }) {
    EXPECT_EQ(canonical(text), text);
  }
}

TEST(Address, RefusesEachOfTheseAndSaysWhy) {
  using namespace std::string_literals;
  const std::string no_local = "what stands before the @ is not allowed";
  const std::string no_domain = "the domain is not allowed";
  const std::string control = "it holds a control character";
  const std::pair<std::string, std::string> cases[] = {
      {"", "it has no @"},
      {"ada", "it has no @"},
      {"@example.org", "there is nothing before the @"},
      {"ada@", "there is no domain"},
      {".ada@example.org", no_local},
      {"ada.@example.org", no_local},
      {"a..b@example.org", no_local},
      {"a b@example.org", no_local},
      {"a@b@example.org", no_local},
      {"<ada@example.org", no_local},
      {"a,b@example.org", no_local},
      {"\"\"@example.org", no_local},
      {"\"a\"b\"@example.org", no_local},
      {"\"a\\\"@example.org", no_local},
      {"\"a@example.org", no_local},
      {"\"\xC3\xBC\"@example.org", no_local},
      {"ada@example..org", no_domain},
      {"ada@.example.org", no_domain},
      {"ada@example.org.", no_domain},
      {"ada@-example.org", no_domain},
      {"ada@example-.org", no_domain},
      {"ada@exa_mple.org", no_domain},
      {"ada@exa mple.org", no_domain},
      {"ada@example.org>", no_domain},
      {"ada@[192.0.2.1]", no_domain},
      {"ada@192.0.2.1", no_domain},
      {"ada@example.org,eve@example.org", no_local},
      {"ada@example.org\r\nRCPT TO:<eve@example.org>", control},
      {"ada\r@example.org", control},
      {"ada\n@example.org", control},
      {"ada\t@example.org", control},
      {"ada\x7F@example.org", control},
      {"ada\0@example.org"s, control},
      {"ada@example.org\0.example.net"s, control},
      {"\"a\r\nb\"@example.org", control},
      {"a\xC2\x85@example.org", control},
      {"\xFF@example.org", "it is not UTF-8"},
      {"ada@\xFF.org", "it is not UTF-8"},
      {std::string(65, 'a') + "@example.org", "there are more than 64 bytes before the @"},
      {"a@" + std::string(64, 'b') + ".org", no_domain},
  };
  for (const auto& [text, why] : cases) EXPECT_EQ(canonical(text), "refused: " + why) << text;
}

TEST(Address, IsAtMost254BytesLong) {
  const std::string label(60, 'd');
  const std::string domain = label + '.' + label + '.' + label + ".dd";  // 185
  std::string longest(63, 'a');
  longest += '@' + domain + ".ee";
  ASSERT_EQ(longest.size(), 252U);
  EXPECT_EQ(canonical(longest + 'e'), longest + 'e');
  EXPECT_EQ(canonical(longest + "ee"), longest + "ee");
  EXPECT_EQ(canonical(longest + "eee"), "refused: it is longer than 254 bytes");
}

TEST(Address, QuotesNoMoreThanNeeded) {
  EXPECT_EQ(canonical("\"ada\"@example.org"), "ada@example.org");
  EXPECT_EQ(canonical("\"a\\d\\a\"@example.org"), "ada@example.org");
  EXPECT_EQ(canonical("\"a\\ b\"@example.org"), "\"a b\"@example.org");
}

TEST(Address, WritesDomainsInLowerCaseALabels) {
  EXPECT_EQ(canonical("Ada@EXAMPLE.Org"), "Ada@example.org");
  EXPECT_EQ(canonical("ada@b\xC3\xBC"
                      "cher.example"),
            "ada@xn--bcher-kva.example");
  EXPECT_EQ(canonical("ada@B\xC3\x9C"
                      "CHER.example"),
            "ada@xn--bcher-kva.example");
  EXPECT_EQ(canonical("ada@bu\xCC\x88"
                      "cher.example"),
            "ada@xn--bcher-kva.example");
  EXPECT_EQ(canonical("ada@XN--BCHER-KVA.example"), "ada@xn--bcher-kva.example");
  EXPECT_EQ(canonical("ada@fa\xC3\x9F.example"), "ada@xn--fa-hia.example");
  EXPECT_EQ(canonical("ada@\xE4\xBE\x8B\xE3\x81\x88.\xE3\x83\x86\xE3\x82\xB9\xE3\x83\x88"),
            "ada@xn--r8jz45g.xn--zckzah");
  EXPECT_EQ(canonical("ada@xn--\xC3\xBC.example"), "refused: the domain is not allowed");
}

TEST(Address, KnowsWhoNeedsSmtpUtf8) {
  EXPECT_FALSE(parse_address("ada@b\xC3\xBC"
                             "cher.example")
                   ->needs_smtputf8);
  const auto address = parse_address("j\xC3\xBCrgen@example.org");
  ASSERT_TRUE(address);
  EXPECT_TRUE(address->needs_smtputf8);
  EXPECT_EQ(address->text(), "j\xC3\xBCrgen@example.org");
}

TEST(Address, ComparesWithoutTheCaseOfLetters) {
  EXPECT_EQ(parse_address("Ada.L@Example.ORG")->key(), "ada.l@example.org");
  EXPECT_EQ(parse_address("\"ADA\"@example.org")->key(), parse_address("ada@example.org")->key());
  EXPECT_NE(parse_address("ada@example.org")->key(), parse_address("ada@example.net")->key());
}

TEST(Mailbox, IsANameAndAnAddressOrAnAddress) {
  EXPECT_EQ(mailbox("ada@example.org"), "[][ada@example.org]");
  EXPECT_EQ(mailbox("  <ada@example.org> "), "[][ada@example.org]");
  EXPECT_EQ(mailbox("Ada Lovelace <ada@example.org>"), "[Ada Lovelace][ada@example.org]");
  EXPECT_EQ(mailbox("\"Lovelace, Ada\" <ada@example.org>"), "[Lovelace, Ada][ada@example.org]");
  EXPECT_EQ(mailbox("\"A \\\"B\\\" \\\\C\" <ada@example.org>"), "[A \"B\" \\C][ada@example.org]");
  EXPECT_EQ(mailbox("J\xC3\xBCrgen M. <j@b\xC3\xBC"
                    "cher.example>"),
            "[J\xC3\xBCrgen M.][j@xn--bcher-kva.example]");
  EXPECT_EQ(mailbox("a < b <ada@example.org>"), "[a < b][ada@example.org]");
}

TEST(Mailbox, RefusesWhatIsNone) {
  EXPECT_EQ(mailbox(""), "refused: it has no @");
  EXPECT_EQ(mailbox("Ada"), "refused: it has no @");
  EXPECT_EQ(mailbox("Ada ada@example.org>"), "refused: it has a > without a <");
  EXPECT_EQ(mailbox("Ada <ada@example.org>, Eve <eve@example.org"),
            "refused: what stands before the @ is not allowed");
  EXPECT_EQ(mailbox("Ada\r\nBcc: eve@example.org <ada@example.org>"),
            "refused: it holds a control character");
  EXPECT_EQ(mailbox("Ada <ada@example.org>\r\nBcc: eve@example.org"),
            "refused: it holds a control character");
  EXPECT_EQ(mailbox("\"Ada\" Love\" <ada@example.org>"), "refused: the quotes around the name do not match");
  EXPECT_EQ(mailbox("\"Ada\\\" <ada@example.org>"), "refused: the quotes around the name do not match");
  EXPECT_EQ(mailbox("\xFF <ada@example.org>"), "refused: it is not UTF-8");
}

TEST(Mailbox, ComesBackAsItWasWritten) {
  for (const char* name : {"", "Ada", "Lovelace, Ada", "A \"B\" \\C", "\\", "\"", "<x@y>", "J\xC3\xBCrgen"}) {
    const Mailbox written{name, *parse_address("ada@example.org")};
    const auto read = parse_mailbox(to_text(written));
    ASSERT_TRUE(read) << to_text(written);
    EXPECT_EQ(read->name, name);
    EXPECT_EQ(read->address.text(), "ada@example.org");
  }
}

TEST(ListId, IsADomainWithOrWithoutAName) {
  const auto bare = parse_list_id("weekly.example.org");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->name, "");
  EXPECT_EQ(bare->id, "weekly.example.org");
  const auto named = parse_list_id("Sales > All < <Weekly.Example.org>");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->name, "Sales > All <");
  EXPECT_EQ(named->id, "weekly.example.org");
  EXPECT_FALSE(
      parse_list_id("Weekly"
                    " list"));
  EXPECT_FALSE(parse_list_id(""));
  EXPECT_FALSE(parse_list_id("Weekly <weekly.example.org\r\nBcc: x>"));
}

}  // namespace
}  // namespace publishers
