#include "publishers/email/smtp_reply.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace publishers::smtp {
namespace {

using Step = ReplyParser::Step;

std::vector<Reply> parsed(ReplyParser& parser) {
  std::vector<Reply> all;
  for (Reply reply; parser.next(reply) == Step::reply;) all.push_back(reply);
  return all;
}

std::string line_of(const char* begin, std::size_t letters) {
  std::string line(begin);
  line.append(letters, 'a');
  return line.append("\r\n");
}

TEST(SmtpReply, TakesCodeEnhancedCodeAndText) {
  ReplyParser parser;
  parser.feed("550 5.1.1 No such user here\r\n");
  Reply reply;
  ASSERT_EQ(parser.next(reply), Step::reply);
  EXPECT_EQ(reply.code, 550);
  EXPECT_EQ(reply.enhanced, (EnhancedCode{5, 1, 1}));
  EXPECT_EQ(reply.text, "No such user here");
  EXPECT_EQ(reply.one_line(), "550 5.1.1 No such user here");
  EXPECT_EQ(parser.next(reply), Step::more);
  EXPECT_TRUE(parser.empty());
}

TEST(SmtpReply, JoinsLinesAndKeepsTheFirstEnhancedCode) {
  ReplyParser parser;
  parser.feed("550-5.7.26 Your mail is unauthenticated.\r\n550-5.7.26  See\r\n550 5.7.26 https://a.test\r\n");
  const std::vector<Reply> all = parsed(parser);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].enhanced, (EnhancedCode{5, 7, 26}));
  EXPECT_EQ(all[0].text, "Your mail is unauthenticated.\n See\nhttps://a.test");
  EXPECT_EQ(all[0].one_line(), "550 5.7.26 Your mail is unauthenticated.  See https://a.test");
}

TEST(SmtpReply, GivesEachReplyOfABatch) {
  ReplyParser parser;
  parser.feed("250 2.0.0 queued\r\n250 ok\r\n250 ok\r\n354 go\r\n421");
  const std::vector<Reply> all = parsed(parser);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[3].code, 354);
  EXPECT_FALSE(parser.empty());
}

TEST(SmtpReply, DoesNotMindHowTheBytesAreCut) {
  const std::string bytes = "250-first\r\n250-second\r\n250 last\r\n235 2.7.0 in\r\n";
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    ReplyParser parser;
    std::vector<Reply> all;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      parser.feed(std::string_view(bytes).substr(at, size));
      for (Reply reply; parser.next(reply) == Step::reply;) all.push_back(reply);
    }
    ASSERT_EQ(all.size(), 2U) << size;
    EXPECT_EQ(all[0].text, "first\nsecond\nlast");
    EXPECT_EQ(all[1].one_line(), "235 2.7.0 in");
  }
}

TEST(SmtpReply, TakesBareCodesAndBareLineFeeds) {
  ReplyParser parser;
  parser.feed("250\r\n250 \n220-\n220\n");
  const std::vector<Reply> all = parsed(parser);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].one_line(), "250");
  EXPECT_EQ(all[1].one_line(), "250");
  EXPECT_EQ(all[2].text, "\n");
}

TEST(SmtpReply, IgnoresEnhancedCodesThatContradictOrAreNone) {
  const std::pair<const char*, const char*> cases[] = {
      {"250 5.1.1 odd\r\n", "5.1.1 odd"},   {"550 5.1 half\r\n", "5.1 half"},
      {"550 5.1.1x odd\r\n", "5.1.1x odd"}, {"550 5.1.1234 odd\r\n", "5.1.1234 odd"},
      {"550 5.-1.1 odd\r\n", "5.-1.1 odd"},
  };
  for (const auto& [bytes, text] : cases) {
    ReplyParser parser;
    parser.feed(bytes);
    Reply reply;
    ASSERT_EQ(parser.next(reply), Step::reply);
    EXPECT_EQ(reply.enhanced, EnhancedCode()) << bytes;
    EXPECT_EQ(reply.text, text);
  }
}

TEST(SmtpReply, RefusesWhatIsNoSmtp) {
  for (const char* bytes : {"HTTP/1.1 200 OK\r\n", "25 ok\r\n", "650 what\r\n", "150 what\r\n", "2500 ok\r\n",
                            "\r\n", "250\tok\r\n", "250-a\r\n251 b\r\n", "\x16\x03\x01\r\n"}) {
    ReplyParser parser;
    parser.feed(bytes);
    Reply reply;
    EXPECT_EQ(parser.next(reply), Step::bad) << bytes;
    EXPECT_NE(parser.problem(), "");
    parser.feed("250 ok\r\n");
    EXPECT_EQ(parser.next(reply), Step::bad) << "it stays so";
    parser.reset();
    parser.feed("250 ok\r\n");
    EXPECT_EQ(parser.next(reply), Step::reply);
  }
}

TEST(SmtpReply, BoundsLinesAndReplies) {
  Reply reply;
  ReplyParser just;
  just.feed(line_of("250 ", ReplyParser::kMostLine - 5));
  EXPECT_EQ(just.next(reply), Step::reply);

  ReplyParser endless;
  endless.feed(std::string(ReplyParser::kMostLine, '2'));
  EXPECT_EQ(endless.next(reply), Step::more);
  endless.feed("22");
  EXPECT_EQ(endless.next(reply), Step::bad);

  ReplyParser whole_but_long;
  whole_but_long.feed(line_of("250 ", ReplyParser::kMostLine));
  EXPECT_EQ(whole_but_long.next(reply), Step::bad);

  ReplyParser many;
  Step step = Step::more;
  std::size_t fed = 0;
  while (step == Step::more && fed < 2 * ReplyParser::kMostReply) {
    const std::string line = line_of("250-", 1000);
    many.feed(line);
    fed += line.size();
    step = many.next(reply);
  }
  EXPECT_EQ(step, Step::bad);
  EXPECT_LE(fed, ReplyParser::kMostReply + 1006);
}

TEST(SmtpReply, KeepsNoMoreThanItNeedsOfALongStream) {
  ReplyParser parser;
  Reply reply;
  parser.feed("25");
  for (int i = 0; i < 200'000; ++i) {
    parser.feed("0 ok\r\n25");
    ASSERT_EQ(parser.next(reply), Step::reply);
    ASSERT_FALSE(parser.empty());
  }
}

TEST(SmtpReply, MakesHostileBytesHarmless) {
  const std::pair<std::string, const char*> cases[] = {
      {"plain", "plain"},
      {std::string("a\0b", 3), "a b"},
      {"a\x1B[31mred", "a [31mred"},
      {"a\rb\tc\x7F", "a b c "},
      {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
      {"latin \xFC", "latin ?"},
      {"cut \xE2\x82", "cut ??"},
      {"c1 \xC2\x9B", "c1 ?"},
      {"bidi \xE2\x80\xAE"
       "moc",
       "bidi ?moc"},
      {"line \xE2\x80\xA8 end", "line ? end"},
      {"\xF0\x9F\x93\xA7", "\xF0\x9F\x93\xA7"},
      {"\xED\xA0\x80", "???"},
  };
  for (const auto& [raw, harmless] : cases) {
    std::string out;
    append_harmless(out, raw);
    EXPECT_EQ(out, harmless);
  }
  ReplyParser parser;
  parser.feed("550 no\x1B]0;title\x07 \xFF\r\n");
  Reply reply;
  ASSERT_EQ(parser.next(reply), Step::reply);
  EXPECT_EQ(reply.one_line(), "550 no ]0;title  ?");
}

TEST(SmtpReply, ShowsAtMostALineOfBoundedLength) {
  Reply reply;
  reply.code = 550;
  for (int i = 0; i < 400; ++i) reply.text += "\xC3\xBC";
  const std::string line = reply.one_line();
  EXPECT_LE(line.size(), 503U);
  EXPECT_TRUE(line.ends_with("\xC3\xBC..."));
}

}  // namespace
}  // namespace publishers::smtp
