// Messages with all that hostile names, subjects and fields can hold, read again by Python's email
// package, which shares nothing with the code under test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "publishers/email/address.h"
#include "publishers/email/encodings.h"
#include "publishers/email/message_id.h"
#include "publishers/email/message_template.h"
#include "templates/merge.h"

namespace publishers {
namespace {

namespace json = boost::json;

constexpr int kTemplates = 400;
constexpr int kRecipients = 10;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t end) { return engine_() % end; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  std::string pick(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937 engine_;
};

// How bad a text may be.
enum class Malice { clean, breaks, poison };

const std::vector<std::string> kClean = {"Ada",
                                         " ",
                                         "  ",
                                         "Lovelace",
                                         "\"",
                                         "\\",
                                         "'",
                                         ",",
                                         ";",
                                         ":",
                                         "<",
                                         ">",
                                         "@",
                                         "(",
                                         ")",
                                         "[",
                                         "]",
                                         "=",
                                         "?",
                                         "_",
                                         ".",
                                         "=?utf-8?",
                                         "=?utf-8?q?Bcc?=",
                                         "=?UTF-8?B?QmNj?= =?UTF-8?B?QmNj?=",
                                         "?=",
                                         "</script>",
                                         "<script>alert(1)</script>",
                                         "{{x|y}}",
                                         "{{name|z}}",
                                         "{{",
                                         "}}",
                                         "&amp;",
                                         "&",
                                         "%0D%0A",
                                         "=0D=0A",
                                         "\\r\\n",
                                         "Bcc: eve@x.org",
                                         "From ",
                                         "--",
                                         "J\xC3\xBCrgen",
                                         "\xC3\x9F",
                                         "\xF0\x9F\x98\x80",
                                         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80",
                                         "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                                         "\xE2\x80\xAE",
                                         "\xE2\x80\xA8",
                                         "\xE2\x80\xA9",
                                         "\xC2\xA0",
                                         "\xEF\xBB\xBF",
                                         "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
                                         "e\xCC\x81",
                                         std::string(45, 'w'),
                                         std::string(300, 'W'),
                                         "trust",
                                         "Friday"};
const std::vector<std::string> kBreaks = {
    "\r\n",     "\n",     "\r",       "\t",         "\r\nBcc: eve@x.org\r\n",
    "\r\n\r\n", "\n.\n",  "\n..",     "\nFrom eve", " \n",
    "\t\r\n",   "\r\r\n", "\r\n.\r\n"};
const std::vector<std::string> kPoison = {
    std::string(1, '\0'), "\x01", "\x01x\x02y\x03", "\x0B", "\x0C",
    "\x1B[31m",           "\x7F", "\xFF",           "\xC3", "\xED\xA0\x80"};

std::string words(Dice& dice, Malice malice, std::size_t most) {
  std::string text;
  const std::size_t count = dice.below(most + 1);
  for (std::size_t i = 0; i < count; ++i) text += dice.one_in(3) ? "word " : dice.pick(kClean);
  if (malice == Malice::clean) return text;
  const std::string bad = malice == Malice::breaks ? dice.pick(kBreaks) : dice.pick(kPoison);
  std::size_t at = dice.below(text.size() + 1);
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return text.insert(at, bad);
}

std::string line_of_words(Dice& dice, std::size_t most) {
  std::string text(without_outer_blanks(words(dice, Malice::clean, most)));
  return text.empty() ? "x" : text;
}

struct Piece {
  std::string literal;
  std::string name;  // of a field
  std::string fallback;
  bool in_address = false;
};
using Pieces = std::vector<Piece>;

const std::vector<std::string> kFields = {"name", "address", "email", "city", "topic", "note"};

Piece field(Dice& dice, bool in_address = false) {
  return {"", dice.pick(kFields), words(dice, Malice::clean, 3), in_address};
}

Pieces body(Dice& dice, bool is_html) {
  Pieces pieces;
  const std::size_t count = 1 + dice.below(12);
  for (std::size_t i = 0; i < count; ++i) {
    std::string literal = words(dice, dice.one_in(2) ? Malice::breaks : Malice::clean, 30);
    if (dice.one_in(3)) {
      literal += is_html ? "<a href=\"https://example.org/?a=" : " Mailto:leave@example.org?subject=";
      pieces.push_back({literal, "", "", false});
      pieces.push_back(field(dice, true));
      if (dice.one_in(2)) {
        pieces.push_back({"&b=", "", "", false});
        pieces.push_back(field(dice, true));
      }
      pieces.push_back({is_html ? "\">" : "\n", "", "", false});
    } else {
      pieces.push_back({literal + ' ', "", "", false});
      pieces.push_back(field(dice));
      if (dice.one_in(3)) pieces.push_back(field(dice));
    }
  }
  if (dice.one_in(2)) pieces.push_back({dice.one_in(2) ? "\n" : " end ", "", "", false});
  return pieces;
}

std::string marked(const Pieces& pieces) {
  std::string text;
  for (const Piece& piece : pieces) {
    text += piece.literal;
    if (!piece.name.empty()) templates::append_merge_mark(text, piece.name, piece.fallback);
  }
  return text;
}

json::array to_array(const Pieces& pieces) {
  json::array array;
  for (const Piece& piece : pieces) {
    if (piece.name.empty()) {
      array.push_back(json::object{{"literal", piece.literal}});
    } else {
      array.push_back(
          json::object{{"name", piece.name}, {"fallback", piece.fallback}, {"in_address", piece.in_address}});
    }
  }
  return array;
}

// A content, and what a message made from it must be read as.
struct Letter {
  MailContent content;
  Pieces subject, html, text, unsubscribe;
  json::object wanted;
};

json::object mailbox_object(const std::string& name, const std::string& address) {
  return {{"name", name}, {"address", address}};
}

void choose_date(Dice& dice, Letter& letter) {
  using namespace std::chrono;
  static constexpr std::array kOffsets = {std::pair{-300, "2026-11-27T08:00:00-05:00"},
                                          std::pair{0, "2026-11-27T13:00:00+00:00"},
                                          std::pair{345, "2026-11-27T18:45:00+05:45"}};
  const auto& [offset, text] = kOffsets.at(dice.below(kOffsets.size()));
  letter.content.date = sys_days(2026y / November / 27) + 13h;
  letter.content.utc_offset = minutes(offset);
  letter.wanted["date"] = text;
}

void choose_image(Dice& dice, Letter& letter) {
  Asset image;
  image.name = line_of_words(dice, 6);
  std::string bytes;
  for (std::size_t size = dice.below(400); bytes.size() < size;) bytes += static_cast<char>(dice.below(256));
  image.sha256 = sha256_hex(bytes);
  image.media_type = "image/png";
  image.bytes = std::make_shared<const std::string>(bytes);
  letter.wanted["image"] = {{"name", image.name},
                            {"sha256", image.sha256},
                            {"cid", image.sha256.substr(0, 32) + "@example.org"},
                            {"bytes", base64(bytes)}};
  letter.html.insert(letter.html.begin(), {"<img src=\"asset:" + image.sha256 + "\">", "", "", false});
  letter.content.images.push_back(std::move(image));
}

void choose_headers(Dice& dice, Letter& letter) {
  MailContent& content = letter.content;
  json::array names = {"Date", "From"};
  json::object mailboxes;
  const std::string from = dice.one_in(5) ? "" : line_of_words(dice, 8);
  content.from = to_text(Mailbox{from, *parse_address("friday@example.org")});
  mailboxes["From"] = mailbox_object(from, "friday@example.org");
  if (dice.one_in(2)) {
    const std::string name = line_of_words(dice, 8);
    content.reply_to = to_text(Mailbox{name, *parse_address("ada@b\xC3\xBC"
                                                            "cher.example")});
    mailboxes["Reply-To"] = mailbox_object(name, "ada@xn--bcher-kva.example");
    names.emplace_back("Reply-To");
  }
  for (const char* name : {"To", "Subject", "Message-ID"}) names.emplace_back(name);
  json::object texts;
  if (dice.one_in(2)) {
    content.list_id = "Weekly <weekly.example.org>";
    texts["List-Id"] = content.list_id;
    names.emplace_back("List-Id");
  }
  if (!letter.unsubscribe.empty()) {
    names.emplace_back("List-Unsubscribe");
    content.one_click = dice.one_in(2);
    if (content.one_click) {
      texts["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click";
      names.emplace_back("List-Unsubscribe-Post");
    }
  }
  content.bulk = dice.one_in(2);
  if (content.bulk) names.emplace_back("Precedence");
  if (dice.one_in(2)) {
    content.extra_headers.emplace_back("X-Note", line_of_words(dice, 20));
    texts["X-Note"] = content.extra_headers.back().second;
    names.emplace_back("X-Note");
  }
  names.emplace_back("MIME-Version");
  names.emplace_back("Content-Type");
  if (letter.html.empty()) names.emplace_back("Content-Transfer-Encoding");
  letter.wanted["headers"] = std::move(names);
  letter.wanted["mailboxes"] = std::move(mailboxes);
  letter.wanted["texts"] = std::move(texts);
}

Letter choose_letter(Dice& dice, int number) {
  Letter letter;
  letter.wanted["image"] = nullptr;
  letter.subject = {{line_of_words(dice, 12), "", "", false}};
  if (dice.one_in(2)) {
    letter.subject.push_back(field(dice));
    letter.subject.push_back({line_of_words(dice, 6), "", "", false});
  }
  letter.text = body(dice, false);
  if (!dice.one_in(6)) {
    letter.html = body(dice, true);
    if (dice.one_in(4)) choose_image(dice, letter);
  }
  if (dice.one_in(2)) {
    letter.unsubscribe = {{"https://example.org/leave?who=", "", "", false}, {"", "address", "", true}};
    if (dice.one_in(2)) letter.unsubscribe.push_back({"", "topic", "\xC3\xBC>", true});
  }
  choose_date(dice, letter);
  choose_headers(dice, letter);
  letter.content.subject = marked(letter.subject);
  letter.content.text = marked(letter.text);
  letter.content.html = marked(letter.html);
  letter.content.list_unsubscribe = marked(letter.unsubscribe);
  letter.content.mailing = "mailing " + std::to_string(number);
  letter.content.message_id_key = "a key";
  letter.wanted["subject"] = to_array(letter.subject);
  letter.wanted["text"] = to_array(letter.text);
  letter.wanted["html"] = to_array(letter.html);
  letter.wanted["text_ends_itself"] = letter.text.back().literal.ends_with('\n');
  letter.wanted["unsubscribe"] = to_array(letter.unsubscribe);
  return letter;
}

Malice choose_malice(Dice& dice) {
  const std::size_t face = dice.below(20);
  return face == 0 ? Malice::poison : face < 3 ? Malice::breaks : Malice::clean;
}

MailRecipient choose_recipient(Dice& dice, int number) {
  static const std::vector<std::string> kAddresses = {"ada@example.net",
                                                      "\"a b,c\"@example.net",
                                                      "\"a\\\"b\\\\c\"@example.net",
                                                      "ada@xn--bcher-kva.example",
                                                      "j\xC3\xBCrgen@example.net",
                                                      std::string(64, 'a') + "@example.net",
                                                      "!#$%&'*+-/=?^_`{|}~@example.net"};
  MailRecipient recipient;
  recipient.id = std::to_string(number);
  recipient.address = dice.pick(kAddresses);
  recipient.name = dice.one_in(6) ? "" : line_of_words(dice, 8);
  if (dice.one_in(12))
    recipient.name += words(dice, dice.one_in(2) ? Malice::breaks : Malice::poison, 2) + "x";
  for (const char* name : {"city", "topic", "note"}) {
    if (!dice.one_in(4)) recipient.fields[name] = words(dice, choose_malice(dice), 8);
  }
  return recipient;
}

// As a person would say it: may this text stand in a line, or in a text of lines?
bool is_fit(const std::string& text, bool lines) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool breaks = text[i] == '\n' || text[i] == '\r' || text[i] == '\t';
    if (byte == 0x7F || (byte < 0x20 && !(lines && breaks))) return false;
  }
  for (const char* none : {"\xFF", "\xED\xA0\x80"}) {
    if (text.find(none) != std::string::npos) return false;
  }
  // The other half of kPoison: a lead byte alone.
  for (std::size_t i = 0; (i = text.find('\xC3', i)) != std::string::npos; ++i) {
    if (i + 1 == text.size() || (static_cast<unsigned char>(text[i + 1]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

std::map<std::string, std::string> all_fields(const MailRecipient& recipient) {
  std::map<std::string, std::string> fields(recipient.fields.begin(), recipient.fields.end());
  fields.emplace("name", recipient.name);
  fields.emplace("address", recipient.address);
  fields.emplace("email", recipient.address);
  return fields;
}

bool is_fit(const Letter& letter, const MailRecipient& recipient) {
  const auto fields = all_fields(recipient);
  const auto fit = [&](const Pieces& pieces, bool lines) {
    for (const Piece& piece : pieces) {
      const auto found = fields.find(piece.name);
      if (found != fields.end() && !is_fit(found->second, lines)) return false;
    }
    return true;
  };
  return is_fit(recipient.name, false) && fit(letter.subject, false) && fit(letter.text, true) &&
         fit(letter.html, true) && fit(letter.unsubscribe, true);
}

json::object expectation(const Letter& letter, const MailRecipient& recipient,
                         const OutgoingMessage& message) {
  json::object wanted = letter.wanted;
  json::object fields;
  for (const auto& [name, value] : all_fields(recipient)) {
    // What no part uses may be no text at all.
    if (is_fit(value, true)) fields[name] = value;
  }
  wanted["fields"] = std::move(fields);
  wanted["mailboxes"].as_object()["To"] = mailbox_object(recipient.name, recipient.address);
  wanted["address"] = recipient.address;
  wanted["smtputf8"] = !is_ascii(recipient.address);
  wanted["data"] = base64(message.data);
  return wanted;
}

// What the reader prints; its status goes to `status`.
std::string reread(const std::filesystem::path& cases, int& status) {
  const std::string command =
      "python3 '" FRIDAYD_SOURCE_DIR "/tests/publishers/mail_reparse.py' < '" + cases.string() + "' 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "no pipe";
  std::string printed;
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    printed.append(piece.data(), got);
  status = ::pclose(pipe);
  return printed;
}

TEST(MailReparse, AnotherParserReadsWhatWasPutIn) {
  std::string pattern = (std::filesystem::temp_directory_path() / "reparse.XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  std::ofstream cases(folder / "cases");
  Dice dice(20261127);
  int taken = 0;
  int refused = 0;
  for (int i = 0; i < kTemplates; ++i) {
    const Letter letter = choose_letter(dice, i);
    auto compiled = MessageTemplate::compile(letter.content);
    ASSERT_TRUE(compiled) << compiled.error();
    OutgoingMessage message;
    for (int j = 0; j < kRecipients; ++j) {
      const MailRecipient recipient = choose_recipient(dice, j);
      const auto why = compiled->merge(recipient, message);
      ASSERT_EQ(why == std::nullopt, is_fit(letter, recipient))
          << why.value_or("taken") << "\nname " << recipient.name;
      ++(why ? refused : taken);
      if (!why) cases << json::serialize(expectation(letter, recipient, message)) << '\n';
    }
  }
  cases.close();
  ASSERT_TRUE(cases.good());
  EXPECT_GT(taken, 3000);
  EXPECT_GT(refused, 300);
  int status = -1;
  const std::string printed = reread(folder / "cases", status);
  EXPECT_EQ(printed, std::to_string(taken) + " messages\n");
  EXPECT_EQ(status, 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace publishers
