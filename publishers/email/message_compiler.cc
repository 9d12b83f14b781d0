#include "publishers/email/message_compiler.h"

#include <algorithm>
#include <array>

#include "publishers/email/encodings.h"
#include "publishers/email/header_encoding.h"

namespace publishers {
namespace {

constexpr std::size_t kLongestUri = 970;  // with the header's name a line of less than 998

bool is_image_type(std::string_view text) {
  constexpr std::string_view kStart = "image/";
  if (!text.starts_with(kStart) || text.size() == kStart.size() || text.size() > 60) return false;
  return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.", kStart.size()) ==
         std::string_view::npos;
}

std::string uri_problem(const char* what) {
  return std::string("the unsubscribe address ") + what;
}

// Every server on the way would have to know SMTPUTF8, for every message.
std::optional<std::string> originator_problem(const Mailbox& mailbox) {
  if (!mailbox.address.needs_smtputf8) return std::nullopt;
  return "what stands before the @ is not ASCII";
}

}  // namespace

tl::expected<MessageTemplate, std::string> MessageCompiler::compile() {
  const auto refuse = [](std::string why) { return tl::unexpected<std::string>(std::move(why)); };
  if (auto problem = check()) return refuse(std::move(*problem));
  if (auto problem = write_headers()) return refuse(std::move(*problem));
  write_body();
  add_splice({});
  MessageTemplate made(MessageIds(content_.message_id_key, content_.mailing, id_domain_), std::move(sender_));
  made.segments_ = std::move(segments_);
  for (const Segment& segment : made.segments_) made.literal_bytes_ += segment.literal.size();
  made.fields_ = std::move(fields_);
  return made;
}

MessageCompiler::Problem MessageCompiler::check() {
  auto from = parse_mailbox(content_.from);
  if (!from) return "from: " + from.error();
  if (const auto why = originator_problem(*from)) return "from: " + *why;
  from_ = std::move(*from);
  sender_ = from_.address.text();
  if (!content_.sender.empty()) {
    const auto sender = parse_address(content_.sender);
    if (!sender) return "sender: " + sender.error();
    sender_ = sender->text();
  }
  if (content_.text.empty()) return "the message has no plain text";
  if (!is_utf8(content_.text)) return "the plain text is not UTF-8";
  if (!is_utf8(content_.html)) return "the HTML is not UTF-8";
  if (content_.text.find('\0') != std::string::npos || content_.html.find('\0') != std::string::npos) {
    return "the text holds a NUL byte";
  }
  if (content_.message_id_key.empty() || content_.mailing.empty()) return "the mailing has no name or no key";
  const auto domain =
      parse_domain(content_.message_id_domain.empty() ? from_.address.domain : content_.message_id_domain);
  if (!domain) return "message_id_domain: " + domain.error();
  id_domain_ = *domain;
  digest_ = sha256_hex(content_.mailing + '\n' + content_.text + '\n' + content_.html).substr(0, 24);
  return check_images();
}

MessageCompiler::Problem MessageCompiler::check_images() {
  std::vector<std::string> shown;
  replace_assets(content_.html, [&](const std::string& sha) {
    if (std::find(shown.begin(), shown.end(), sha) == shown.end()) shown.push_back(sha);
    return std::string();
  });
  for (const std::string& sha : shown) {
    const auto found = std::find_if(content_.images.begin(), content_.images.end(),
                                    [&](const Asset& image) { return image.sha256 == sha; });
    if (found == content_.images.end()) return "the HTML shows an image that is not embedded";
    if (!found->bytes) return "the embedded image '" + found->name + "' has no bytes";
    if (!is_image_type(found->media_type)) {
      return "the embedded image '" + found->name + "' is of no image type";
    }
    if (!HeaderText::from(found->name)) return "the name of an embedded image can't stand in a header";
    images_.push_back(&*found);
  }
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_headers() {
  literal_ += "Date: " + rfc5322_date(content_.date, content_.utc_offset) + "\r\n";
  if (auto problem = write_originators()) return problem;
  add_splice({.splice = Splice::to});
  if (auto problem = write_subject()) return problem;
  literal_ += "Message-ID: <";  // in one line, for not all that read it unfold
  add_splice({.splice = Splice::message_id});
  literal_ += ">\r\n";
  if (auto problem = write_list_headers()) return problem;
  if (auto problem = write_extra_headers()) return problem;
  literal_ += "MIME-Version: 1.0\r\n";
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_originators() {
  const auto put = [&](std::string_view field_name, const Mailbox& mailbox) -> Problem {
    const auto name = HeaderText::from(mailbox.name);
    if (!name) return std::string(field_name) + ": the name " + name.error();
    append_mailbox_field(literal_, field_name, *name, mailbox.address);
    return std::nullopt;
  };
  if (auto problem = put("From", from_)) return problem;
  if (content_.reply_to.empty()) return std::nullopt;
  const auto reply_to = parse_mailbox(content_.reply_to);
  if (!reply_to) return "reply_to: " + reply_to.error();
  if (const auto why = originator_problem(*reply_to)) return "reply_to: " + *why;
  return put("Reply-To", *reply_to);
}

MessageCompiler::Problem MessageCompiler::write_subject() {
  const std::vector<templates::MergePiece> pieces = templates::merge_pieces(content_.subject);
  Segment segment{.splice = Splice::subject};
  bool merges = false;
  for (const templates::MergePiece& piece : pieces) {
    merges = merges || !piece.name.empty();
    const auto text = HeaderText::from(piece.name.empty() ? piece.literal : piece.fallback);
    if (!text) return "the subject " + text.error();
    segment.values.push_back({piece.literal, piece.name.empty() ? kNoField : field(piece)});
  }
  if (without_outer_blanks(templates::with_fallbacks(content_.subject)).empty()) {
    return "the message has no subject";
  }
  if (merges) {
    add_splice(std::move(segment));
  } else {
    append_text_field(literal_, "Subject", *HeaderText::from(content_.subject));
  }
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_list_headers() {
  if (!content_.list_id.empty()) {
    if (auto problem = write_list_id()) return problem;
  }
  if (!content_.list_unsubscribe.empty()) {
    if (auto problem = write_unsubscribe()) return problem;
  }
  if (content_.bulk) literal_ += "Precedence: bulk\r\n";
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_list_id() {
  const auto id = parse_list_id(content_.list_id);
  if (!id) return "list_id: " + id.error();
  const auto name = HeaderText::from(id->name);
  if (!name) return "list_id: the name " + name.error();
  append_list_id_field(literal_, *name, id->id);
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_unsubscribe() {
  const std::string& address = content_.list_unsubscribe;
  if (!is_way_to_leave(address)) return uri_problem("is neither https:, http: nor mailto:");
  Segment segment{.splice = Splice::address};
  std::size_t length = 0;
  for (const templates::MergePiece& piece : templates::merge_pieces(address)) {
    if (!is_uri_text(piece.literal)) return uri_problem("holds a character that no address may have");
    if (!HeaderText::from(piece.fallback)) return uri_problem("has a fallback that is no text");
    length += piece.literal.size();
    segment.values.push_back({piece.literal, piece.name.empty() ? kNoField : field(piece)});
  }
  if (length > kLongestUri) return uri_problem("is too long for a header");
  literal_ += "List-Unsubscribe: <";
  add_splice(std::move(segment));
  literal_ += ">\r\n";
  if (content_.one_click && starts_with_ignoring_case(address, "https://")) {
    literal_ += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
  }
  return std::nullopt;
}

MessageCompiler::Problem MessageCompiler::write_extra_headers() {
  static constexpr std::array<std::string_view, 20> kOurs = {"date",
                                                             "from",
                                                             "sender",
                                                             "reply-to",
                                                             "to",
                                                             "cc",
                                                             "bcc",
                                                             "subject",
                                                             "message-id",
                                                             "list-id",
                                                             "list-unsubscribe",
                                                             "list-unsubscribe-post",
                                                             "precedence",
                                                             "mime-version",
                                                             "content-type",
                                                             "content-transfer-encoding",
                                                             "content-disposition",
                                                             "content-id",
                                                             "return-path",
                                                             "received"};
  for (const auto& [name, value] : content_.extra_headers) {
    if (!is_header_name(name)) return "a header has a name that no header may have";
    if (std::find(kOurs.begin(), kOurs.end(), ascii_lower(name)) != kOurs.end()) {
      return "the header " + name + " is written by fridayd itself";
    }
    const auto text = HeaderText::from(value);
    if (!text) return "the header " + name + " " + text.error();
    append_text_field(literal_, name, *text);
  }
  return std::nullopt;
}

std::size_t MessageCompiler::field(const templates::MergePiece& piece) {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const MessageTemplate::Field& known) {
    return known.name == piece.name && known.fallback == piece.fallback;
  });
  if (found == fields_.end()) {
    fields_.push_back({piece.name, piece.fallback});
    return fields_.size() - 1;
  }
  return static_cast<std::size_t>(found - fields_.begin());
}

void MessageCompiler::add_splice(Segment segment) {
  segment.literal = std::move(literal_);
  literal_.clear();
  segments_.push_back(std::move(segment));
}

}  // namespace publishers
