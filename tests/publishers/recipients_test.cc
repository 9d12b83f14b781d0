#include "publishers/email/recipients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace publishers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class RecipientsTest : public testing::Test {
 protected:
  RecipientsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "recipients.XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~RecipientsTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path path() const { return folder_ / "list.csv"; }

  // Without the folder's name.
  std::string error_of(const std::string& content) {
    std::ofstream(path(), std::ios::binary) << content;
    return read();
  }

  std::string read() {
    taken_.clear();
    left_out_.clear();
    const RecipientsListener listener{
        [&](RecipientRow&& row) { taken_.push_back(std::move(row)); },
        [&](RecipientExclusion&& exclusion) { left_out_.push_back(std::move(exclusion)); }};
    std::string why = read_recipients(path(), listener).value_or(ListFault{}).what;
    const std::size_t at = why.find(folder_.string() + '/');
    return at == std::string::npos ? why : why.erase(at, folder_.string().size() + 1);
  }

  void take(const std::string& content) { ASSERT_EQ(error_of(content), ""); }

  // "line address name"
  std::vector<std::string> taken() const {
    std::vector<std::string> all;
    all.reserve(taken_.size());
    for (const RecipientRow& row : taken_) {
      all.push_back(std::to_string(row.line) + ' ' + row.address.text() +
                    (row.name.empty() ? "" : ' ' + row.name));
    }
    return all;
  }

  // "line reason [address] why"
  std::vector<std::string> left_out() const {
    std::vector<std::string> all;
    all.reserve(left_out_.size());
    for (const RecipientExclusion& row : left_out_) {
      all.push_back(std::to_string(row.line) + ' ' + std::string(to_text(row.reason)) + " [" + row.address +
                    "] " + row.why);
    }
    return all;
  }

  std::filesystem::path folder_;
  std::vector<RecipientRow> taken_;
  std::vector<RecipientExclusion> left_out_;
};

TEST_F(RecipientsTest, NeedsOnlyAddresses) {
  take(
      "address\nada@example.org\nb@B\xC3\xBC"
      "cher.example\n");
  EXPECT_THAT(taken(), ElementsAre("2 ada@example.org", "3 b@xn--bcher-kva.example"));
  EXPECT_THAT(left_out(), IsEmpty());
}

TEST_F(RecipientsTest, KnowsItsColumnsByNameInAnyOrderAndCase) {
  take("City, NAME ,E-Mail ok,Email,First Name\nLondon, Ada Lovelace ,yes, ada@example.org ,Ada\n");
  EXPECT_THAT(taken(), ElementsAre("2 ada@example.org Ada Lovelace"));
  EXPECT_THAT(taken_[0].fields,
              ElementsAre(Pair("city", "London"), Pair("e-mail_ok", "yes"), Pair("first_name", "Ada")));
}

TEST_F(RecipientsTest, PrefersAddressToEmail) {
  for (const char* head : {"email,address", "address,email"}) {
    const bool first = std::string(head).starts_with("address");
    take(std::string(head) + "\n" + (first ? "a@x.org,b@x.org\n" : "b@x.org,a@x.org\n"));
    EXPECT_THAT(taken(), ElementsAre("2 a@x.org")) << head;
    EXPECT_THAT(taken_[0].fields, ElementsAre(Pair("email", "b@x.org")));
  }
}

TEST_F(RecipientsTest, LeavesEmptyFieldsOut) {
  take("address,city,,size\na@x.org, ,lost,\n");
  EXPECT_THAT(taken_[0].fields, IsEmpty());
}

TEST_F(RecipientsTest, ReadsWhatSpreadsheetsWrite) {
  take(
      "\xEF\xBB\xBF"
      "address;name\r\nada@example.org;\"Lovelace; Ada\"\r\n;;\r\n\r\n");
  EXPECT_THAT(taken(), ElementsAre("2 ada@example.org Lovelace; Ada"));
  EXPECT_THAT(left_out(), IsEmpty());
  take("address\tname\nada@example.org\tAda\n");
  EXPECT_THAT(taken(), ElementsAre("2 ada@example.org Ada"));
  take("address,name\nada@example.org,Ada,,,\n");
  EXPECT_THAT(taken(), ElementsAre("2 ada@example.org Ada"));
}

TEST_F(RecipientsTest, NamesEachBadRowAndTakesTheOthers) {
  take(
      "address,name\n"
      "a@x.org,A\n"
      "no-address,B\n"
      "c@x.org,C,D\n"
      "d@x.org,\"D\nd\"\n"
      "e@x.org,E\xFF\n"
      "\"f@x.org,F\n"
      ",G\n"
      "h@x.org\n"
      "i@x.org,I\"i\n"
      "\"j@x.org\r\nBcc: eve@x.org\",J\n"
      "k@x.org,K\n");
  EXPECT_THAT(taken(), ElementsAre("2 a@x.org A", "10 h@x.org", "14 k@x.org K"));
  EXPECT_THAT(left_out(),
              ElementsAre("3 bad-address [no-address] it has no @", "4 bad-row [] 3 values for 2 columns",
                          "5 bad-row [d@x.org] the name holds a control character",
                          "7 bad-row [] the row is not UTF-8", "8 bad-row [] text follows a quoted value",
                          "9 bad-address [] it has no @",
                          "11 bad-row [] a quote stands inside a value that has no quotes",
                          "12 bad-address [j@x.org\r\nBcc: eve@x.org] it holds a control character"));
}

TEST_F(RecipientsTest, SendsToAnAddressOnce) {
  take("address\nAda@x.org\nada@X.ORG\n\"\"\"ada\"\"@x.org\"\nbob@x.org\n");
  EXPECT_THAT(taken(), ElementsAre("2 Ada@x.org", "5 bob@x.org"));
  EXPECT_THAT(left_out(), ElementsAre("3 duplicate [ada@x.org] the same address stands in an earlier row",
                                      "4 duplicate [ada@x.org] the same address stands in an earlier row"));
}

TEST_F(RecipientsTest, TakesTheGoodRowAfterABadOneOfTheSameAddress) {
  take("address,name\na@x.org,\"A\na\"\na@x.org,A\n");
  EXPECT_THAT(taken(), ElementsAre("4 a@x.org A"));
  EXPECT_THAT(left_out(), ElementsAre("2 bad-row [a@x.org] the name holds a control character"));
}

TEST_F(RecipientsTest, SendsToThoseWhoseStateSaysSo) {
  take(
      "address,state\na@x.org,\nb@x.org, Subscribed \nc@x.org,active\nd@x.org,confirmed\n"
      "e@x.org,unsubscribed\nf@x.org,pending\ng@x.org\n");
  EXPECT_THAT(taken(), ElementsAre("2 a@x.org", "3 b@x.org", "4 c@x.org", "5 d@x.org", "8 g@x.org"));
  EXPECT_THAT(left_out(), ElementsAre("6 state [e@x.org] the state is 'unsubscribed'",
                                      "7 state [f@x.org] the state is 'pending'"));
  EXPECT_THAT(taken_[0].fields, IsEmpty());
}

TEST_F(RecipientsTest, LetsNoOtherRowBringBackWhoHasLeft) {
  take("address,state\na@x.org,active\nA@x.org,unsubscribed\nb@x.org,unsubscribed\nb@x.org,active\n");
  EXPECT_THAT(taken(), IsEmpty());
  EXPECT_THAT(left_out(), ElementsAre("2 state [a@x.org] another row says that this address has left",
                                      "3 state [A@x.org] the state is 'unsubscribed'",
                                      "4 state [b@x.org] the state is 'unsubscribed'",
                                      "5 state [b@x.org] another row says that this address has left"));
}

TEST_F(RecipientsTest, SaysWhyAFileIsNoList) {
  EXPECT_EQ(read(), "list.csv: No such file or directory");
  EXPECT_EQ(error_of(""), "list.csv:1: the file is empty; its first row must name the columns");
  EXPECT_EQ(error_of("\n \n"), "list.csv:1: the file is empty; its first row must name the columns");
  EXPECT_EQ(error_of("\n\nname,mail\n"),
            "list.csv:3: no column is named address or email; the columns are: name, mail");
  EXPECT_EQ(error_of("ada@example.org,Ada\n"),
            "list.csv:1: no column is named address or email; the columns are: ada@example.org, ada");
  EXPECT_EQ(error_of("address,City,city\n"), "list.csv:1: the column 'city' stands there twice");
  EXPECT_EQ(error_of("address,\xFF\n"), "list.csv:1: the column names are not UTF-8");
  EXPECT_EQ(error_of("address,\"name\n"), "list.csv:1: a quoted value has no end");
  EXPECT_EQ(error_of(std::string("\xFF\xFE"
                                 "a\0d\0",
                                 6)),
            "list.csv:1: the file is UTF-16; save it as UTF-8");
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  EXPECT_EQ(read(), "list.csv: Is a directory");
  EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(RecipientsTest, IsNotReadBeforeItWasCalmForSoLong) {
  const RecipientsListener nobody{[](RecipientRow&&) {}, [](RecipientExclusion&&) {}};
  const auto read_calmly = [&] { return read_recipients(path(), nobody, std::chrono::seconds(2)); };
  const auto age = [&](std::chrono::milliseconds by) {
    std::filesystem::last_write_time(path(), std::filesystem::file_time_type::clock::now() - by);
  };
  take("address\nada@x.org\n");
  age(std::chrono::milliseconds(-500));  // it stays young while this runs
  const auto fault = read_calmly();
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->being_written);
  EXPECT_EQ(fault->what, path().string() + ": is being written");
  age(std::chrono::seconds(3));
  EXPECT_FALSE(read_calmly());
  age(-std::chrono::hours(24));  // a clock that is wrong for good
  EXPECT_FALSE(read_calmly());
}

TEST_F(RecipientsTest, AFileThatChangesWhileItIsReadIsNotRead) {
  take("address,state\nada@x.org,\nben@x.org,\n");
  bool grown = false;
  const RecipientsListener listener{[&](RecipientRow&&) {
                                      if (std::exchange(grown, true)) return;
                                      std::ofstream(path(), std::ios::app) << "cleo@x.org,\n";
                                    },
                                    [](RecipientExclusion&&) {}};
  const auto fault = read_recipients(path(), listener);
  ASSERT_TRUE(fault);
  EXPECT_TRUE(fault->being_written);
}

TEST_F(RecipientsTest, CountsEachOfManyRowsOnce) {
  constexpr int kRows = 50'000;
  std::string content = "address,name,state\n";
  for (int i = 0; i < kRows; ++i) {
    content += i % 10 == 3 ? "broken" : "r";
    content += std::to_string(i % 40'000);
    content += i % 10 == 3 ? "," : "@x.org,";
    content += i % 7 == 0 ? "N,left\n" : "N,\n";
  }
  take(content);
  EXPECT_EQ(taken_.size() + left_out_.size(), static_cast<std::size_t>(kRows));
  std::size_t line = 1;
  auto row = taken_.begin();
  auto out = left_out_.begin();
  while (row != taken_.end() || out != left_out_.end()) {
    const bool is_row = out == left_out_.end() || (row != taken_.end() && row->line < out->line);
    ASSERT_EQ(is_row ? (row++)->line : (out++)->line, ++line);
  }
}

}  // namespace
}  // namespace publishers
