#include <algorithm>
#include <array>

#include "publishers/email/encodings.h"
#include "publishers/email/header_encoding.h"
#include "publishers/email/message_compiler.h"
#include "publishers/email/quoted_printable.h"

namespace publishers {
namespace {

// Finds out whether a merge field stands inside an address that begins before it: since the last blank,
// quote or tag there was a scheme.
class AddressWatch {
 public:
  void read(std::string_view literal) {
    const std::size_t break_at = literal.find_last_of(" \t\r\n\"'<>");
    if (break_at != std::string_view::npos) {
      word_.clear();
      literal.remove_prefix(break_at + 1);
    }
    word_ += ascii_lower(literal);
  }
  bool in_address() const {
    constexpr std::array<std::string_view, 3> kSchemes = {"https://", "http://", "mailto:"};
    return std::any_of(kSchemes.begin(), kSchemes.end(),
                       [&](std::string_view scheme) { return word_.find(scheme) != std::string::npos; });
  }

 private:
  std::string word_;
};

bool begins_with_a_break(const templates::MergePiece& piece) {
  return piece.name.empty() && (piece.literal.front() == '\n' || piece.literal.front() == '\r');
}

}  // namespace

std::string MessageCompiler::boundary(char which) const {
  // "=_" never stands in quoted-printable or base64, so a boundary can't be part of what it separates.
  return std::string("=_") + which + "_" + digest_;
}

std::string MessageCompiler::content_id(const std::string& sha256) const {
  return sha256.substr(0, 32) + "@" + id_domain_;
}

void MessageCompiler::write_body() {
  if (content_.html.empty()) {
    write_text(content_.text, Splice::text, "text/plain");
    const char last = content_.text.back();
    if (last != '\n' && last != '\r') literal_ += "\r\n";
    return;
  }
  const std::string outer = boundary('a');
  literal_ +=
      "Content-Type: multipart/alternative;\r\n boundary=\"" + outer + "\"\r\n\r\n--" + outer + "\r\n";
  write_text(content_.text, Splice::text, "text/plain");
  literal_ += "\r\n--" + outer + "\r\n";
  write_html_part();
  literal_ += "\r\n--" + outer + "--\r\n";
}

void MessageCompiler::write_html_part() {
  if (images_.empty()) {
    write_text(content_.html, Splice::html, "text/html");
    return;
  }
  const std::string addressed =
      replace_assets(content_.html, [&](const std::string& sha) { return "cid:" + content_id(sha); });
  const std::string inner = boundary('r');
  literal_ += "Content-Type: multipart/related; type=\"text/html\";\r\n boundary=\"" + inner +
              "\"\r\n\r\n--" + inner + "\r\n";
  write_text(addressed, Splice::html, "text/html");
  literal_ += "\r\n";
  for (const Asset* image : images_) {
    literal_ += "--" + inner + "\r\n";
    write_image(*image);
  }
  literal_ += "--" + inner + "--\r\n";
}

void MessageCompiler::write_image(const Asset& image) {
  const auto name = HeaderText::from(image.name);
  literal_ += "Content-Type: " + image.media_type;
  append_parameter(literal_, "name", *name);
  literal_ += "\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <" + content_id(image.sha256) +
              ">\r\nContent-Disposition: inline";
  append_parameter(literal_, "filename", *name);
  literal_ += "\r\n\r\n" + base64_lines(*image.bytes);
}

void MessageCompiler::write_text(std::string_view marked, Splice splice, std::string_view media_type) {
  literal_ += "Content-Type: ";
  literal_ += media_type;
  literal_ += "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
  const std::vector<templates::MergePiece> pieces = templates::merge_pieces(marked);
  AddressWatch watch;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool last = i + 1 == pieces.size();
    if (pieces[i].name.empty()) {
      watch.read(pieces[i].literal);
      QuotedPrintable body(literal_);
      body.add(pieces[i].literal);
      if (last) {
        body.finish();
      } else {
        body.soft_break();
      }
      continue;
    }
    const bool goes_on = !last && !begins_with_a_break(pieces[i + 1]);
    add_splice({.splice = splice,
                .field = field(pieces[i]),
                .in_address = watch.in_address(),
                .soft_break = goes_on});
  }
}

}  // namespace publishers
