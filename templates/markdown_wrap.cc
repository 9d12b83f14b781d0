#include "templates/markdown_wrap.h"

#include <algorithm>

#include "templates/markdown_characters.h"
#include "templates/merge.h"

namespace templates {
namespace {

constexpr char kMarkStart = '\x01';
constexpr char kMarkEnd = '\x03';

// The end of the word at `at`: a space or line end outside of marks.
std::size_t word_end(std::string_view flow, std::size_t at) {
  bool in_mark = false;
  for (; at < flow.size(); ++at) {
    const char c = flow[at];
    if (c == kMarkStart) in_mark = true;
    if (c == kMarkEnd) in_mark = false;
    if (!in_mark && (c == ' ' || c == '\n')) break;
  }
  return at;
}

class Lines {
 public:
  explicit Lines(std::size_t width) : width_(width) {}

  void word(std::string_view word) {
    const std::size_t needs = flow_width(word);
    if (!line_.empty() && used_ + 1 + needs > width_) end_line();
    if (!line_.empty()) {
      line_ += ' ';
      ++used_;
    }
    line_ += plain_line(word);
    used_ += needs;
  }
  void end_line() {
    lines_.push_back(std::move(line_));
    line_.clear();
    used_ = 0;
  }
  std::vector<std::string> take() {
    if (!line_.empty() || lines_.empty()) end_line();
    return std::move(lines_);
  }

 private:
  std::size_t width_;
  std::size_t used_ = 0;
  std::string line_;
  std::vector<std::string> lines_;
};

}  // namespace

std::size_t flow_width(std::string_view flow) {
  if (flow.find(kMarkStart) == std::string_view::npos) return display_width(flow);
  return display_width(with_fallbacks(flow));
}

std::string plain_line(std::string_view flow) {
  std::string line(flow);
  std::replace(line.begin(), line.end(), kFirmSpace, ' ');
  return line;
}

std::vector<std::string> wrap(std::string_view flow, std::size_t width) {
  Lines lines(width);
  for (std::size_t at = 0; at < flow.size();) {
    if (flow[at] == '\n') lines.end_line();
    if (flow[at] == '\n' || flow[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t end = word_end(flow, at);
    lines.word(flow.substr(at, end - at));
    at = end;
  }
  return lines.take();
}

}  // namespace templates
