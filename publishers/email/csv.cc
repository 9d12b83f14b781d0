#include "publishers/email/csv.h"

#include <algorithm>

namespace publishers {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kLongestRow = 64 * 1024;
constexpr std::size_t kMostValues = 200;

}  // namespace

bool CsvReader::refill() {
  if (ended_) return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kPiece);
  const std::size_t got = source_(buffer_.data() + had, kPiece);
  buffer_.resize(had + got);
  ended_ = got == 0;
  return true;
}

void CsvReader::consume(std::size_t bytes) {
  const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
  line_ += static_cast<std::size_t>(std::count(from, from + static_cast<std::ptrdiff_t>(bytes), '\n'));
  at_ += bytes;
}

void CsvReader::skip_line() {
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    if (end != std::string::npos) {
      consume(end + 1 - at_);
      return;
    }
    consume(buffer_.size() - at_);
    if (!refill()) return;
  }
}

// One row from at_ on, as far as the buffer goes.
CsvReader::Progress CsvReader::parse(CsvRow& row) {
  const std::string_view text = std::string_view(buffer_).substr(at_);
  row.values.clear();
  row.fault.clear();
  std::size_t i = 0;
  const auto fault = [&](const char* why) {
    row.fault = why;
    return Progress::fault;
  };
  for (;;) {
    std::string value;
    if (i < text.size() && text[i] == '"') {
      for (++i;; i += 2) {
        const std::size_t quote = text.find('"', i);
        if (quote == std::string_view::npos) {
          if (text.size() <= kLongestRow && !ended_) return Progress::more;
          return fault("a quoted value has no end");
        }
        value += text.substr(i, quote - i);
        i = quote;
        if (quote + 1 == text.size() && !ended_) return Progress::more;
        if (text.substr(quote + 1, 1) != "\"") break;
        value += '"';
      }
      ++i;
      if (i < text.size() && text[i] != separator_ && text[i] != '\n' && text[i] != '\r') {
        return fault("text follows a quoted value");
      }
    } else {
      const char ends[] = {separator_, '\n', '\r'};
      const std::size_t end =
          std::min(text.find_first_of(std::string_view(ends, sizeof ends), i), text.size());
      value = text.substr(i, end - i);
      i = end;
      if (value.find('"') != std::string::npos)
        return fault("a quote stands inside a value that has no quotes");
    }
    if (i > kLongestRow) return fault("the row is longer than 64 KiB");
    if (i == text.size() && !ended_) return Progress::more;
    row.values.push_back(std::move(value));
    if (row.values.size() > kMostValues) return fault("the row has more than 200 values");
    if (i < text.size() && text[i] == separator_) {
      ++i;
      continue;
    }
    if (i < text.size() && text[i] == '\r') {
      if (i + 1 == text.size() && !ended_) return Progress::more;
      ++i;
    }
    if (i < text.size() && text[i] == '\n') ++i;
    row_bytes_ = i;
    return Progress::row;
  }
}

bool CsvReader::next(CsvRow& row) {
  for (;;) {
    if (at_ == buffer_.size() && !refill()) return false;
    if (at_ == buffer_.size()) continue;
    row.line = line_;
    const Progress progress = parse(row);
    if (progress == Progress::more) {
      refill();
      continue;
    }
    if (progress == Progress::fault) {
      row.values.clear();
      skip_line();
      return true;
    }
    consume(row_bytes_);
    const auto blank = [](const std::string& value) {
      return value.find_first_not_of(" \t") == std::string::npos;
    };
    if (!std::all_of(row.values.begin(), row.values.end(), blank)) return true;
  }
}

}  // namespace publishers
