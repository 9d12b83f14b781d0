#include "publishers/email/message_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "publishers/email/message_id.h"
#include "templates/merge.h"

namespace publishers {
namespace {

using templates::mark_merge_fields;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

MailContent content() {
  MailContent made;
  made.from = "Friday <friday@example.org>";
  made.subject = "A question of trust";
  made.html = "<p>Hello</p>\n";
  made.text = "Hello\n";
  made.date = std::chrono::sys_days(std::chrono::year(2026) / 11 / 27) + std::chrono::hours(13);
  made.utc_offset = std::chrono::minutes(-300);
  made.mailing = "mailing 1";
  made.message_id_key = "0123456789abcdef";
  return made;
}

MailRecipient ada() {
  return {"7", "ada@example.net", "Ada Lovelace", {}};
}

Asset image(const std::string& name, const std::string& bytes) {
  return {name, sha256_hex(bytes), "image/png", 1, 1, std::make_shared<const std::string>(bytes)};
}

// What the recipient gets, or why nothing.
std::string made(const MailContent& content, const MailRecipient& recipient = ada()) {
  auto compiled = MessageTemplate::compile(content);
  if (!compiled) return "compile: " + compiled.error();
  OutgoingMessage message;
  const auto why = compiled->merge(recipient, message);
  return why ? "merge: " + *why : message.data;
}

std::string head(const std::string& message) {
  return message.substr(0, message.find("\r\n\r\n") + 2);
}

// The lines of one field, unfolded; "" where there is none.
std::string field(const std::string& message, const std::string& name) {
  std::string fields = "\r\n" + head(message);
  for (std::size_t at; (at = fields.find("\r\n ")) != std::string::npos;) fields.erase(at, 2);
  const std::size_t at = fields.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 4;
  return fields.substr(begin, fields.find("\r\n", begin) - begin);
}

TEST(MessageTemplate, WritesAWholeMessage) {
  MailContent letter = content();
  letter.reply_to =
      "\"Ada, editor\" <ada@b\xC3\xBC"
      "cher.example>";
  letter.list_id = "Weekly <weekly.example.org>";
  letter.list_unsubscribe = mark_merge_fields("https://example.org/leave?who={{address|}}");
  letter.one_click = true;
  letter.extra_headers = {{"X-Campaign", "K\xC3\xB6ln"}};
  letter.text = mark_merge_fields("Hello {{name|there}},\nit costs 1 = 1.\n");
  letter.html = mark_merge_fields("<p>Hello {{name|there}},</p>\n");
  auto compiled = MessageTemplate::compile(letter);
  ASSERT_TRUE(compiled) << compiled.error();
  OutgoingMessage message;
  ASSERT_EQ(compiled->merge(ada(), message), std::nullopt);
  EXPECT_EQ(message.sender, "friday@example.org");
  EXPECT_EQ(message.recipient, "ada@example.net");
  EXPECT_THAT(message.message_id, MatchesRegex("[a-z2-7]{32}@example\\.org"));
  const std::size_t at = message.data.find("=_a_") + 4;
  const std::string digest = message.data.substr(at, 24);
  EXPECT_THAT(digest, MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(message.data,
            "Date: Fri, 27 Nov 2026 08:00:00 -0500\r\n"
            "From: Friday <friday@example.org>\r\n"
            "Reply-To: \"Ada, editor\" <ada@xn--bcher-kva.example>\r\n"
            "To: Ada Lovelace <ada@example.net>\r\n"
            "Subject: A question of trust\r\n"
            "Message-ID: <" +
                message.message_id +
                ">\r\n"
                "List-Id: Weekly <weekly.example.org>\r\n"
                "List-Unsubscribe: <https://example.org/leave?who=ada%40example.net>\r\n"
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                "Precedence: bulk\r\n"
                "X-Campaign: =?UTF-8?B?S8O2bG4=?=\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: multipart/alternative;\r\n boundary=\"=_a_" +
                digest + "\"\r\n\r\n--=_a_" + digest +
                "\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                "Hello =\r\nAda Lovelace=\r\n,\r\nit costs 1 =3D 1.\r\n"
                "\r\n--=_a_" +
                digest +
                "\r\n"
                "Content-Type: text/html; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                "<p>Hello =\r\nAda Lovelace=\r\n,</p>\r\n"
                "\r\n--=_a_" +
                digest + "--\r\n");
}

TEST(MessageTemplate, IsTheSameBytesOnEachTryAndTellsRecipientsApart) {
  const std::string once = made(content());
  EXPECT_EQ(made(content()), once);
  MailRecipient other = ada();
  other.id = "8";
  EXPECT_NE(field(made(content(), other), "Message-ID"), field(once, "Message-ID"));
  MailContent next = content();
  next.mailing = "mailing 2";
  EXPECT_NE(field(made(next), "Message-ID"), field(once, "Message-ID"));
  MailContent another_site = content();
  another_site.message_id_key = "another";
  EXPECT_NE(field(made(another_site), "Message-ID"), field(once, "Message-ID"));
  next.message_id_domain =
      "B\xC3\xBC"
      "cher.example";
  EXPECT_THAT(field(made(next), "Message-ID"), EndsWith("@xn--bcher-kva.example>"));
}

TEST(MessageTemplate, ComesBackFromItsFrozenForm) {
  MailContent letter = content();
  letter.subject = mark_merge_fields("{{name|Reader}}: K\xC3\xB6ln");
  letter.list_unsubscribe = mark_merge_fields("mailto:leave@example.org?subject={{address|}}");
  letter.message_id_key = std::string("\0\xFF\r\n", 4);
  letter.extra_headers = {{"X-A", "1"}, {"X-B", "2"}};
  letter.bulk = false;
  const auto frozen = boost::json::serialize(to_json(letter));
  const MailContent thawed = mail_content_from_json(boost::json::parse(frozen).as_object());
  EXPECT_EQ(made(thawed), made(letter));
  EXPECT_THAT(made(letter), Not(HasSubstr("Precedence")));
}

TEST(MessageTemplate, WritesPlainTextOnlyWhereThereIsNoHtml) {
  MailContent letter = content();
  letter.html.clear();
  letter.text = "one\ntwo";
  EXPECT_THAT(made(letter), EndsWith("Content-Type: text/plain; charset=utf-8\r\n"
                                     "Content-Transfer-Encoding: quoted-printable\r\n\r\none\r\ntwo\r\n"));
  letter.text += "\r\n";
  EXPECT_THAT(made(letter), EndsWith("\r\n\r\none\r\ntwo\r\n"));
}

TEST(MessageTemplate, FillsFieldsFromColumnsThenFromTheRecipientThenFromTheFallback) {
  MailContent letter = content();
  letter.html.clear();
  letter.text =
      mark_merge_fields("{{name|you}}/{{address|?}}/{{email|?}}/{{city|nowhere}}/{{City|somewhere}}/{{x|}}.");
  MailRecipient reader = ada();
  EXPECT_THAT(made(letter, reader),
              HasSubstr("\r\n\r\nAda Lovelace=\r\n/=\r\nada@example.net=\r\n/=\r\n"
                        "ada@example.net=\r\n/=\r\nnowhere=\r\n/=\r\nsomewhere=\r\n/=\r\n=2E\r\n"));
  reader.name.clear();
  reader.fields = {{"city", "London"}, {"email", "work@example.net"}, {"x", ""}};
  EXPECT_THAT(made(letter, reader),
              HasSubstr("\r\n\r\nyou=\r\n/=\r\nada@example.net=\r\n/=\r\nwork@example.net=\r\n"
                        "/=\r\nLondon=\r\n/=\r\nLondon=\r\n/=\r\n=2E\r\n"));
}

TEST(MessageTemplate, WritesAValueAsItsPlaceWants) {
  MailContent letter = content();
  letter.text = mark_merge_fields("{{v|}} (https://e/?a={{v|}}&b={{v|}}) {{v|}}");
  letter.html = mark_merge_fields("<a href=\"https://e/{{v|}}\" title='{{v|}}'>{{v|}}</a>");
  letter.subject = mark_merge_fields("For {{v|}}");
  MailRecipient reader = ada();
  reader.fields = {{"v", "<R&D> {{name|x}}"}};
  const std::string message = made(letter, reader);
  EXPECT_EQ(field(message, "Subject"), "For <R&D> {{name|x}}");
  const std::string in_uri = "=\r\n%3CR%26D%3E%20%7B%7Bname%7Cx%7D%7D=\r\n";
  EXPECT_THAT(message, HasSubstr("\r\n\r\n<R&D> {{name|x}}=\r\n (https://e/?a=3D" + in_uri + "&b=3D" +
                                 in_uri + ") =\r\n<R&D> {{name|x}}\r\n--"));
  EXPECT_THAT(message, HasSubstr("<a href=3D\"https://e/" + in_uri +
                                 "\" title=3D'=\r\n&lt;R&amp;D&gt; {{name|x}}=\r\n"
                                 "'>=\r\n&lt;R&amp;D&gt; {{name|x}}=\r\n</a>\r\n--"));
}

TEST(MessageTemplate, KeepsBlanksAndBreaksAroundFields) {
  MailContent letter = content();
  letter.html.clear();
  letter.text = mark_merge_fields("a {{v|}}\nb{{v|}} {{v|}}");
  MailRecipient reader = ada();
  EXPECT_THAT(made(letter, reader), EndsWith("\r\n\r\na =\r\n\r\nb=\r\n =\r\n\r\n"));
  reader.fields = {{"v", "x \r\n y "}};
  EXPECT_THAT(made(letter, reader), EndsWith("\r\n\r\na =\r\nx=20\r\n y=20\r\nb=\r\nx=20\r\n y=20=\r\n =\r\n"
                                             "x=20\r\n y=20\r\n"));
}

TEST(MessageTemplate, EmbedsTheImagesThatItShowsEachOnce) {
  const Asset chart = image("chart.png", "PNG" + std::string(100, '\xFF'));
  const Asset twin = image("twin.png", *chart.bytes);
  const Asset unseen = image("unseen.png", "not shown");
  MailContent letter = content();
  letter.html = "<img src=\"asset:" + chart.sha256 + "\"><img src='asset:" + chart.sha256 + "'>\n";
  letter.images = {unseen, chart, twin};
  const std::string message = made(letter);
  const std::string id = chart.sha256.substr(0, 32) + "@example.org";
  std::string body = message;
  for (std::size_t at; (at = body.find("=\r\n")) != std::string::npos;) body.erase(at, 3);
  EXPECT_THAT(body, HasSubstr("<img src=3D\"cid:" + id + "\"><img src=3D'cid:" + id + "'>"));
  EXPECT_THAT(message, HasSubstr("Content-Type: multipart/related; type=\"text/html\";\r\n boundary=\"=_r_"));
  EXPECT_THAT(message, HasSubstr("Content-Type: image/png;\r\n name=\"chart.png\"\r\n"
                                 "Content-Transfer-Encoding: base64\r\nContent-ID: <" +
                                 id +
                                 ">\r\n"
                                 "Content-Disposition: inline;\r\n filename=\"chart.png\"\r\n\r\nUE5H/////"));
  EXPECT_EQ(message.find("Content-ID"), message.rfind("Content-ID"));
  EXPECT_THAT(message, Not(HasSubstr("unseen")));
  letter.html = "<p>No image</p>";
  EXPECT_THAT(made(letter), Not(HasSubstr("multipart/related")));
}

TEST(MessageTemplate, SaysPostOnlyWithOneClickAndHttps) {
  MailContent letter = content();
  EXPECT_THAT(made(letter), Not(HasSubstr("List-")));
  for (const char* address :
       {"https://example.org/leave", "http://example.org/leave", "mailto:leave@example.org"}) {
    letter.list_unsubscribe = address;
    letter.one_click = false;
    EXPECT_EQ(field(made(letter), "List-Unsubscribe"), "<" + std::string(address) + ">");
    EXPECT_EQ(field(made(letter), "List-Unsubscribe-Post"), "");
    letter.one_click = true;
    EXPECT_EQ(field(made(letter), "List-Unsubscribe-Post"),
              std::string(address).starts_with("https") ? "List-Unsubscribe=One-Click" : "");
  }
}

TEST(MessageTemplate, WritesToThoseWhoNeedSmtpUtf8) {
  MailRecipient reader = ada();
  reader.address = "j\xC3\xBCrgen@example.org";
  reader.name = "J\xC3\xBCrgen";
  EXPECT_EQ(field(made(content(), reader), "To"), "=?UTF-8?Q?J=C3=BCrgen?= <j\xC3\xBCrgen@example.org>");
}

TEST(MessageTemplate, RefusesContentThatIsNoMessage) {
  using namespace std::string_literals;
  using Change = void (*)(MailContent&);
  const std::string sha(64, 'a');
  const std::pair<Change, std::string> cases[] = {
      {[](MailContent& c) { c.from = "Friday"; }, "from: it has no @"},
      {[](MailContent& c) { c.from = "A\r\nBcc: e@x.org <a@x.org>"; }, "from: it holds a control character"},
      {[](MailContent& c) { c.from = "j\xC3\xBC@x.org"; }, "from: what stands before the @ is not ASCII"},
      {[](MailContent& c) { c.reply_to = "a@x.org\nBcc: e@x.org"; },
       "reply_to: it holds a control character"},
      {[](MailContent& c) { c.reply_to = "j\xC3\xBC@x.org"; },
       "reply_to: what stands before the @ is not ASCII"},
      {[](MailContent& c) { c.sender = "a@x.org>\r\nRCPT TO:<e@x.org"; },
       "sender: it holds a control character"},
      {[](MailContent& c) { c.subject.clear(); }, "the message has no subject"},
      {[](MailContent& c) { c.subject = " " + mark_merge_fields("{{name|}}"); },
       "the message has no subject"},
      {[](MailContent& c) { c.subject = "a\r\nBcc: e@x.org"; }, "the subject holds a line break"},
      {[](MailContent& c) { c.subject = "a\x01z"; }, "the subject holds a control character"},
      {[](MailContent& c) {
         c.subject =
             "\x01n\x02"
             "a\nb\x03 x";
       },
       "the subject holds a line break"},
      {[](MailContent& c) { c.subject = "\xFF"; }, "the subject is not UTF-8"},
      {[](MailContent& c) { c.text.clear(); }, "the message has no plain text"},
      {[](MailContent& c) { c.text = "a\0b"s; }, "the text holds a NUL byte"},
      {[](MailContent& c) { c.html = "a\0b"s; }, "the text holds a NUL byte"},
      {[](MailContent& c) { c.text = "\xC3"; }, "the plain text is not UTF-8"},
      {[](MailContent& c) { c.html = "\xC3"; }, "the HTML is not UTF-8"},
      {[](MailContent& c) { c.mailing.clear(); }, "the mailing has no name or no key"},
      {[](MailContent& c) { c.message_id_key.clear(); }, "the mailing has no name or no key"},
      {[](MailContent& c) { c.message_id_domain = "a>\r\nb"; },
       "message_id_domain: the domain is not allowed"},
      {[](MailContent& c) { c.list_id = "Weekly"s + "\r\nX: y <w.example.org>"; },
       "list_id: it holds a control character"},
      {[](MailContent& c) { c.list_id = "our list"; }, "list_id: the domain is not allowed"},
      {[](MailContent& c) { c.list_unsubscribe = "javascript:x"; },
       "the unsubscribe address is neither https:, http: nor mailto:"},
      {[](MailContent& c) { c.list_unsubscribe = "https://e/>\r\nBcc: e@x.org"; },
       "the unsubscribe address holds a character that no address may have"},
      {[](MailContent& c) { c.list_unsubscribe = "https://e/" + std::string(1000, 'a'); },
       "the unsubscribe address is too long for a header"},
      {[](MailContent& c) { c.extra_headers = {{"X A", "b"}}; },
       "a header has a name that no header may have"},
      {[](MailContent& c) { c.extra_headers = {{"X\r\nBcc", "b"}}; },
       "a header has a name that no header may have"},
      {[](MailContent& c) { c.extra_headers = {{"bCC", "b"}}; },
       "the header bCC is written by fridayd itself"},
      {[](MailContent& c) { c.extra_headers = {{"X-A", "b\nBcc: c"}}; }, "the header X-A holds a line break"},
      {[](MailContent& c) { c.html = "asset:" + std::string(64, 'a'); },
       "the HTML shows an image that is not embedded"},
  };
  for (const auto& [change, why] : cases) {
    MailContent letter = content();
    change(letter);
    EXPECT_EQ(made(letter), "compile: " + why);
  }
}

TEST(MessageTemplate, RefusesImagesThatAreNone) {
  const Asset good = image("a.png", "x");
  MailContent letter = content();
  letter.html = "<img src=\"asset:" + good.sha256 + "\">";
  const auto with = [&](auto change) {
    Asset bad = good;
    change(bad);
    letter.images = {bad};
    return made(letter);
  };
  EXPECT_EQ(with([](Asset& a) { a.bytes = nullptr; }), "compile: the embedded image 'a.png' has no bytes");
  for (const char* type :
       {"text/html", "image/", "image/png\r\nX: y", "image/png; x=y", "image/p ng", "image/a,b"}) {
    EXPECT_EQ(with([&](Asset& a) { a.media_type = type; }),
              "compile: the embedded image 'a.png' is of no image type");
  }
  EXPECT_EQ(with([](Asset& a) { a.name = "a\r\nb.png"; }),
            "compile: the name of an embedded image can't stand in a header");
  EXPECT_THAT(with([](Asset& a) { a.name = "\xC3\xBC.png"; }), HasSubstr("filename*=UTF-8''%C3%BC.png\r\n"));
}

TEST(MessageTemplate, RefusesARecipientWhoWouldBreakTheMessage) {
  MailContent letter = content();
  letter.subject = mark_merge_fields("For {{topic|you}}");
  letter.text = mark_merge_fields("{{body|}}\n");
  letter.list_unsubscribe = mark_merge_fields("https://e/{{token|}}");
  const auto with = [&](auto change) {
    MailRecipient reader = ada();
    change(reader);
    return made(letter, reader);
  };
  EXPECT_THAT(with([](MailRecipient&) {}), StartsWith("Date: "));
  EXPECT_EQ(with([](MailRecipient& r) { r.name = "A\r\nBcc: e@x.org"; }),
            "merge: the name holds a line break");
  EXPECT_EQ(with([](MailRecipient& r) { r.name = "A\tB"; }), "merge: the name holds a control character");
  EXPECT_EQ(with([](MailRecipient& r) { r.address = "a@x.org\r\nBcc: e@x.org"; }),
            "merge: the address can't be used: it holds a control character");
  EXPECT_EQ(with([](MailRecipient& r) { r.address = "ada"; }),
            "merge: the address can't be used: it has no @");
  EXPECT_EQ(with([](MailRecipient& r) { r.fields["topic"] = "x\nBcc: e@x.org"; }),
            "merge: with this recipient's fields the subject holds a line break");
  EXPECT_EQ(with([](MailRecipient& r) { r.fields["body"] = std::string("a\0b", 3); }),
            "merge: the field 'body' is not plain UTF-8 text");
  EXPECT_EQ(with([](MailRecipient& r) { r.fields["body"] = "\xFF"; }),
            "merge: the field 'body' is not plain UTF-8 text");
  EXPECT_THAT(with([](MailRecipient& r) { r.fields["token"] = std::string(960, 'x'); }),
              HasSubstr("List-Unsubscribe: <https://e/" + std::string(960, 'x') + ">\r\n"));
  EXPECT_EQ(with([](MailRecipient& r) { r.fields["token"] = std::string(961, 'x'); }),
            "merge: with this recipient's fields the unsubscribe address is too long for a header");
  EXPECT_THAT(with([](MailRecipient& r) { r.fields["token"] = ">\r\nBcc: e"; }),
              HasSubstr("List-Unsubscribe: <https://e/%3E%0D%0ABcc%3A%20e>\r\n"));
  EXPECT_THAT(with([](MailRecipient& r) { r.fields["other"] = std::string("\0", 1); }), StartsWith("Date: "));
}

TEST(MessageTemplate, UsesItsBuffersAgain) {
  MailContent letter = content();
  letter.subject = mark_merge_fields("For {{name|you}}");
  auto compiled = MessageTemplate::compile(letter);
  ASSERT_TRUE(compiled);
  OutgoingMessage message;
  MailRecipient bad = ada();
  bad.name = "\r\n";
  ASSERT_NE(compiled->merge(bad, message), std::nullopt);
  ASSERT_EQ(compiled->merge(ada(), message), std::nullopt);
  EXPECT_EQ(message.data, made(letter));
}

TEST(MarkedHtml, EscapesAllButTheMarks) {
  const std::string marked = mark_merge_fields("R&D for {{name|\"you\" & me}} <b>");
  std::string wanted = "R&amp;D for ";
  templates::append_merge_mark(wanted, "name", "\"you\" & me");
  EXPECT_EQ(marked_html(marked), wanted + " &lt;b&gt;");
}

}  // namespace
}  // namespace publishers
