// Makes a MessageTemplate: headers, parts and boundaries, everything encoded that is the same for all.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "publishers/email/address.h"
#include "publishers/email/message_template.h"
#include "templates/merge.h"

namespace publishers {

class MessageCompiler {
 public:
  static constexpr std::size_t kNoField = std::numeric_limits<std::size_t>::max();

  explicit MessageCompiler(const MailContent& content) : content_(content) {}
  tl::expected<MessageTemplate, std::string> compile();

 private:
  using Segment = MessageTemplate::Segment;
  using Splice = MessageTemplate::Splice;
  // Why it can't be compiled, or nothing.
  using Problem = std::optional<std::string>;

  Problem check();
  Problem check_images();
  Problem write_headers();
  Problem write_originators();
  Problem write_subject();
  Problem write_list_headers();
  Problem write_list_id();
  Problem write_unsubscribe();
  Problem write_extra_headers();
  void write_body();
  void write_html_part();
  void write_image(const Asset& image);
  void write_text(std::string_view marked, Splice splice, std::string_view media_type);

  std::size_t field(const templates::MergePiece& piece);
  void add_splice(Segment segment);
  std::string boundary(char which) const;
  std::string content_id(const std::string& sha256) const;

  const MailContent& content_;
  Mailbox from_;
  std::string sender_;
  std::vector<const Asset*> images_;  // those that the HTML shows, each once
  std::string id_domain_;
  std::string digest_;
  std::string literal_;  // not yet in a segment
  std::vector<Segment> segments_;
  std::vector<MessageTemplate::Field> fields_;
};

}  // namespace publishers
