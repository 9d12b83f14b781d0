#include "publishers/email/quoted_printable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace publishers {
namespace {

std::string encoded(std::string_view text) {
  std::string out;
  QuotedPrintable body(out);
  body.add(text);
  body.finish();
  return out;
}

// By RFC 2045 6.7, and nothing that it does not allow.
std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 3, "=\r\n") == 0) {
      i += 3;
    } else if (text.compare(i, 2, "\r\n") == 0) {
      out += "\r\n";
      i += 2;
    } else if (text[i] == '=') {
      const std::string hex = text.substr(i + 1, 2);
      EXPECT_EQ(hex.find_first_not_of("0123456789ABCDEF"), std::string::npos) << hex;
      out += static_cast<char>(std::stoi(hex, nullptr, 16));
      i += 3;
    } else {
      EXPECT_TRUE(text[i] == '\t' || (text[i] >= ' ' && text[i] <= '~')) << i;
      out += text[i++];
    }
  }
  return out;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\r\n") == 0) {
      out.emplace_back();
      ++i;
    } else {
      out.back() += text[i];
    }
  }
  return out;
}

void expect_sound(const std::string& text) {
  for (const std::string& line : lines(text)) {
    EXPECT_LE(line.size(), 76U);
    EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
    EXPECT_FALSE(line.ends_with(' ') || line.ends_with('\t')) << line;
    EXPECT_FALSE(line.starts_with('.') || line.starts_with("From ")) << line;
  }
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && text.substr(i + 1, 1) == "\n") ++i;
    if (text[i] == '\r' || text[i] == '\n') {
      out += "\r\n";
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST(QuotedPrintable, LeavesPlainTextAlone) {
  EXPECT_EQ(encoded("Hello, Ada! {a|b} ~`@#$%^&*()"), "Hello, Ada! {a|b} ~`@#$%^&*()");
  EXPECT_EQ(encoded(""), "");
}

TEST(QuotedPrintable, EncodesAllOtherBytes) {
  EXPECT_EQ(encoded("1+1=2"), "1+1=3D2");
  EXPECT_EQ(encoded("\xC3\xBC\x7F"), "=C3=BC=7F");
  EXPECT_EQ(encoded(std::string("a\0b", 3)), "a=00b");
}

TEST(QuotedPrintable, WritesEachKindOfLineBreakAsCrlf) {
  EXPECT_EQ(encoded("a\nb\r\nc\rd"), "a\r\nb\r\nc\r\nd");
  EXPECT_EQ(encoded("\n\r\n\r\r\n\n"), "\r\n\r\n\r\n\r\n\r\n");
}

TEST(QuotedPrintable, LeavesNoBlankAtTheEndOfALine) {
  EXPECT_EQ(encoded("a \nb\t\r\nc "), "a=20\r\nb=09\r\nc=20");
  EXPECT_EQ(encoded("a  b"), "a  b");
}

TEST(QuotedPrintable, BeginsNoLineAsMailboxesDo) {
  EXPECT_EQ(encoded("From here\n.\n..\nFromage\nx From here"),
            "=46rom here\r\n=2E\r\n=2E.\r\nFromage\r\nx From here");
}

TEST(QuotedPrintable, BreaksLinesAt76) {
  EXPECT_EQ(encoded(std::string(75, 'a')), std::string(75, 'a'));
  EXPECT_EQ(encoded(std::string(76, 'a')), std::string(75, 'a') + "=\r\na");
  EXPECT_EQ(encoded(std::string(75, 'a') + ".b"), std::string(75, 'a') + "=\r\n=2Eb");
  EXPECT_EQ(encoded(std::string(73, 'a') + "\xC3"), std::string(73, 'a') + "=\r\n=C3");
  EXPECT_EQ(encoded(std::string(72, 'a') + "\xC3"), std::string(72, 'a') + "=C3");
  EXPECT_EQ(encoded(std::string(75, 'a') + "\nb"), std::string(75, 'a') + "\r\nb");
  // The blank before the break needs three columns, not one.
  EXPECT_EQ(encoded(std::string(74, 'a') + " \nb"), std::string(74, 'a') + "=\r\n=20\r\nb");
}

TEST(QuotedPrintable, ComesBackWhateverItIsGiven) {
  static constexpr char kLikely[] = "\r\n .=\tFrom \xC3\xBC<&\"'>x";
  std::mt19937 random(2);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const std::size_t size = random() % 400;
    while (text.size() < size) {
      text +=
          random() % 4 == 0 ? static_cast<char>(random() & 0xFFU) : kLikely[random() % (sizeof kLikely - 1)];
      if (random() % 40 == 0) text += "From " + std::string(random() % 90, 'y');
    }
    const std::string once = encoded(text);
    ASSERT_EQ(decoded(once), with_crlf(text));
    expect_sound(once);
  }
}

TEST(QuotedPrintable, JoinsRunsThatEachBeginALine) {
  std::string out;
  QuotedPrintable first(out);
  first.add("Hello ");
  first.soft_break();
  QuotedPrintable second(out);
  second.add_html("R&D <b>");
  second.finish();
  second.soft_break();
  QuotedPrintable third(out);
  third.add(", bye");
  third.finish();
  EXPECT_EQ(out, "Hello =\r\nR&amp;D &lt;b&gt;=\r\n, bye");
  EXPECT_EQ(decoded(out), "Hello R&amp;D &lt;b&gt;, bye");
}

TEST(QuotedPrintable, NeedsNoSoftBreakAtTheStartOfALine) {
  std::string out;
  QuotedPrintable body(out);
  body.soft_break();
  body.add("a\n");
  body.soft_break();
  EXPECT_EQ(out, "a\r\n");
}

TEST(QuotedPrintable, WritesHtmlOfAnyTextSafely) {
  std::string out;
  QuotedPrintable body(out);
  body.add_html("<script>alert('x')</script>&\"\n");
  body.finish();
  EXPECT_EQ(decoded(out), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\r\n");
  EXPECT_EQ(out.find('<'), std::string::npos);
}

}  // namespace
}  // namespace publishers
