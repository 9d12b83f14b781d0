// Quoted-printable (RFC 2045 6.7) of text: line breaks of any kind become CRLF, no line is longer than 76.
// No line begins with a dot or "From ", which transports and mailboxes are known to spoil.
#pragma once

#include <string>
#include <string_view>

namespace publishers {

inline constexpr std::string_view kSoftBreak = "=\r\n";

// One run of text that begins at column 0. Ends wherever its text ends: soft_break() closes the line for
// what follows to begin at column 0 again.
class QuotedPrintable {
 public:
  explicit QuotedPrintable(std::string& out) : out_(out) {}

  void add(std::string_view text);
  // As text of an HTML document: & < > " ' become entities.
  void add_html(std::string_view text);
  // Nothing at column 0.
  void soft_break();
  // After the last text of a part: a blank there may not stay as it is.
  void finish();

 private:
  // Writes the first byte of `rest`.
  void byte(std::string_view rest, bool before_break);
  std::size_t run(std::string_view text) const;
  void hard_break();
  void room_for(std::size_t width);

  std::string& out_;
  std::size_t column_ = 0;
};

}  // namespace publishers
