// Comma-separated values (RFC 4180), read in pieces: quoted values may hold separators, quotes and line
// breaks. A row that is not well formed is one line's problem, never the file's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace publishers {

struct CsvRow {
  std::size_t line = 0;  // where it begins, from 1
  std::vector<std::string> values;
  std::string fault;  // why it can't be read; `values` is empty then
};

class CsvReader {
 public:
  using Source = std::function<std::size_t(char* to, std::size_t most)>;  // 0 at the end

  CsvReader(Source source, char separator) : source_(std::move(source)), separator_(separator) {}

  // False at the end. Rows without a value, as spreadsheets leave them, are passed over. `row` is used
  // again.
  bool next(CsvRow& row);

 private:
  enum class Progress { row, more, fault };
  Progress parse(CsvRow& row);
  bool refill();
  void consume(std::size_t bytes);
  void skip_line();

  Source source_;
  char separator_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t row_bytes_ = 0;
  bool ended_ = false;
};

}  // namespace publishers
