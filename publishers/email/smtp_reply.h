// What an SMTP server says: RFC 5321 4.2 replies from a stream of bytes, with bounds, and made harmless.
// Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace publishers::smtp {

// RFC 3463. All zero: there was none, or one that contradicts the reply's code.
struct EnhancedCode {
  int family = 0;  // 2, 4 or 5
  int subject = 0;
  int detail = 0;
  bool operator==(const EnhancedCode&) const = default;
};

struct Reply {
  int code = 0;
  EnhancedCode enhanced;
  std::string text;  // the lines without their codes, joined by line feeds; printable UTF-8 else

  int family() const { return code / 100; }
  // "550 5.1.1 No such user", in one line that is not over-long.
  std::string one_line() const;
};

class ReplyParser {
 public:
  static constexpr std::size_t kMostLine = 2048;
  static constexpr std::size_t kMostReply = 64u << 10;

  enum class Step {
    reply,  // a whole one was taken
    more,   // more bytes are needed
    bad,    // no SMTP, or over the bounds; it stays so until reset()
  };

  void feed(std::string_view bytes);
  Step next(Reply& reply);
  // Nothing has come that next() has not given out.
  bool empty() const { return position_ == buffer_.size() && lines_ == 0; }
  const std::string& problem() const { return problem_; }
  void reset();

 private:
  Step refuse(const char* why);
  Step take_line(std::string_view line);

  std::string buffer_;
  std::size_t position_ = 0;  // of the line that is to be read next
  std::size_t searched_ = 0;  // no line feed stands between position_ and here
  Reply current_;
  std::size_t lines_ = 0;  // of the current reply
  std::size_t bytes_ = 0;
  std::string problem_;
};

// Appends `raw` as printable UTF-8 in one line: whatever could move a cursor, end a line or turn the
// direction of writing becomes a blank or a question mark.
void append_harmless(std::string& out, std::string_view raw);

}  // namespace publishers::smtp
