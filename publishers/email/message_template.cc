#include "publishers/email/message_template.h"

#include "publishers/email/address.h"
#include "publishers/email/encodings.h"
#include "publishers/email/header_encoding.h"
#include "publishers/email/message_compiler.h"
#include "publishers/email/quoted_printable.h"

namespace publishers {
namespace {

constexpr std::size_t kLongestUri = 970;  // with the header's name a line of less than 998
constexpr std::size_t kRoomForValues = 1024;

bool may_stand_in_a_body(std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F) return false;
  }
  return is_utf8(value);
}

}  // namespace

tl::expected<MessageTemplate, std::string> MessageTemplate::compile(const MailContent& content) {
  return MessageCompiler(content).compile();
}

std::optional<std::string> MessageTemplate::look_up(const MailRecipient& recipient) {
  values_.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    std::string_view value;
    const auto found = recipient.fields.find(field.name);
    if (found != recipient.fields.end()) {
      value = found->second;
    } else if (field.name == "name") {
      value = recipient.name;
    } else if (field.name == "address" || field.name == "email") {
      value = recipient.address;
    }
    if (!may_stand_in_a_body(value)) return "the field '" + field.name + "' is not plain UTF-8 text";
    values_[i] = value.empty() ? std::string_view(field.fallback) : value;
  }
  return std::nullopt;
}

std::optional<std::string> MessageTemplate::merge(const MailRecipient& recipient, OutgoingMessage& message) {
  if (auto why = look_up(recipient)) return why;
  message.sender = sender_;
  message.recipient = recipient.address;
  message.message_id.clear();
  ids_.append(message.message_id, recipient.id);
  message.data.clear();
  message.data.reserve(literal_bytes_ + kRoomForValues);
  for (const Segment& segment : segments_) {
    message.data += segment.literal;
    if (segment.splice == Splice::none) continue;
    if (auto why = splice(segment, recipient, message)) return why;
  }
  return std::nullopt;
}

std::optional<std::string> MessageTemplate::splice(const Segment& segment, const MailRecipient& recipient,
                                                   OutgoingMessage& message) const {
  switch (segment.splice) {
    case Splice::to:
      return splice_to(recipient, message.data);
    case Splice::subject:
      return splice_subject(segment, message.data);
    case Splice::address:
      return splice_address(segment, message.data);
    case Splice::message_id:
      message.data += message.message_id;
      break;
    case Splice::html:
    case Splice::text:
      splice_body(segment, message.data);
      break;
    case Splice::none:
      break;
  }
  return std::nullopt;
}

std::optional<std::string> MessageTemplate::splice_to(const MailRecipient& recipient,
                                                      std::string& out) const {
  const auto name = HeaderText::from(recipient.name);
  if (!name) return "the name " + name.error();
  const auto address = parse_address(recipient.address);
  if (!address) return "the address can't be used: " + address.error();
  append_mailbox_field(out, "To", *name, *address);
  return std::nullopt;
}

std::optional<std::string> MessageTemplate::splice_subject(const Segment& segment, std::string& out) const {
  std::string subject;
  for (const Value& value : segment.values) {
    subject +=
        value.field == MessageCompiler::kNoField ? std::string_view(value.literal) : values_[value.field];
  }
  const auto text = HeaderText::from(subject);
  if (!text) return "with this recipient's fields the subject " + text.error();
  append_text_field(out, "Subject", *text);
  return std::nullopt;
}

std::optional<std::string> MessageTemplate::splice_address(const Segment& segment, std::string& out) const {
  const std::size_t before = out.size();
  for (const Value& value : segment.values) {
    if (value.field == MessageCompiler::kNoField) {
      out += value.literal;
    } else {
      append_percent_encoded(out, values_[value.field]);
    }
  }
  if (out.size() - before > kLongestUri) {
    return "with this recipient's fields the unsubscribe address is too long for a header";
  }
  return std::nullopt;
}

void MessageTemplate::splice_body(const Segment& segment, std::string& out) const {
  QuotedPrintable body(out);
  const std::string_view value = values_[segment.field];
  if (segment.in_address) {
    std::string encoded;
    append_percent_encoded(encoded, value);
    body.add(encoded);
  } else if (segment.splice == Splice::html) {
    body.add_html(value);
  } else {
    body.add(value);
  }
  body.finish();
  if (segment.soft_break) body.soft_break();
}

}  // namespace publishers
