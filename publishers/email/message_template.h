// A mailing compiled for many recipients: everything that is the same in all messages is encoded once;
// merge() splices what differs, in about a microsecond. One thread at a time.
//
// Where a merge field stands decides how its value is written: header text by RFC 2047, an address
// (http:, https:, mailto:) percent-encoded, HTML escaped, and all of a body in quoted-printable.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "publishers/email/mail_content.h"
#include "publishers/email/message_id.h"
#include "publishers/mail_transport.h"

namespace publishers {

struct MailRecipient {
  std::string id;       // stable; with the mailing it gives the Message-ID
  std::string address;  // canonical
  std::string name;     // plain UTF-8, may be empty
  // By lower-case name. `name`, `address` and `email` are there without standing here.
  std::map<std::string, std::string, std::less<>> fields;
};

class MessageTemplate {
 public:
  // The error is for people: "the subject holds a line break".
  static tl::expected<MessageTemplate, std::string> compile(const MailContent& content);

  // Writes sender, recipient, message_id and data of `message`; its buffers are used again. Where a
  // recipient can't have this message it says why, and `message` is of no use.
  std::optional<std::string> merge(const MailRecipient& recipient, OutgoingMessage& message);

 private:
  friend class MessageCompiler;

  enum class Splice { none, to, subject, message_id, address, html, text };

  struct Value {
    std::string literal;  // when field is kNoField
    std::size_t field;
  };

  struct Segment {
    std::string literal{};  // comes first
    Splice splice = Splice::none;
    std::size_t field = 0;        // html, text
    bool in_address = false;      // html, text: percent-encoded
    bool soft_break = false;      // html, text: the line goes on after the value
    std::vector<Value> values{};  // subject, address
  };

  struct Field {
    std::string name;
    std::string fallback;
  };

  MessageTemplate(MessageIds ids, std::string sender) : ids_(std::move(ids)), sender_(std::move(sender)) {}
  std::optional<std::string> look_up(const MailRecipient& recipient);
  std::optional<std::string> splice(const Segment& segment, const MailRecipient& recipient,
                                    OutgoingMessage& message) const;
  std::optional<std::string> splice_to(const MailRecipient& recipient, std::string& out) const;
  std::optional<std::string> splice_subject(const Segment& segment, std::string& out) const;
  std::optional<std::string> splice_address(const Segment& segment, std::string& out) const;
  void splice_body(const Segment& segment, std::string& out) const;

  MessageIds ids_;
  std::string sender_;
  std::vector<Field> fields_;
  std::vector<std::string_view> values_;  // of the recipient at hand, by field
  std::vector<Segment> segments_;
  std::size_t literal_bytes_ = 0;  // in all segments
};

}  // namespace publishers
