#include "publishers/email/recipients.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include <openssl/evp.h>
#include <boost/unordered/unordered_flat_set.hpp>

#include "publishers/email/csv.h"
#include "publishers/email/encodings.h"

namespace publishers {
namespace {

using Reason = RecipientExclusion::Reason;

// Half of its SHA-256 stands for an address, so that nobody can make two addresses meet.
using Mark = std::array<std::uint64_t, 2>;

struct FirstWord {
  using is_avalanching = void;
  std::size_t operator()(const Mark& mark) const { return mark[0]; }
};

using Marks = boost::unordered_flat_set<Mark, FirstWord>;

Mark mark_of(const Address& address) {
  const std::string key = address.key();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  }
  Mark mark{};
  std::memcpy(mark.data(), digest.data(), sizeof mark);
  return mark;
}

struct Columns {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::string> names;
  std::size_t address = kNone;
  std::size_t name = kNone;
  std::size_t state = kNone;
};

std::string column_name(std::string_view text) {
  std::string name = ascii_lower(without_outer_blanks(text));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::optional<std::string> read_columns(const CsvRow& row, Columns& columns) {
  if (!row.fault.empty()) return row.fault;
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    std::string name = column_name(row.values[i]);
    if (!is_utf8(name)) return "the column names are not UTF-8";
    if (std::find(columns.names.begin(), columns.names.end(), name) != columns.names.end() && !name.empty()) {
      return "the column '" + name + "' stands there twice";
    }
    if (name == "address" || (name == "email" && columns.address == Columns::kNone)) columns.address = i;
    if (name == "name") columns.name = i;
    if (name == "state") columns.state = i;
    columns.names.push_back(std::move(name));
  }
  if (columns.address != Columns::kNone) return std::nullopt;
  std::string names;
  for (const std::string& name : columns.names) names += (names.empty() ? "" : ", ") + name;
  return "no column is named address or email; the columns are: " + names;
}

bool gets_mail(std::string_view state) {
  return state.empty() || state == "subscribed" || state == "active" || state == "confirmed";
}

std::string state_of(const Columns& columns, const CsvRow& row) {
  if (columns.state >= row.values.size()) return {};
  return ascii_lower(without_outer_blanks(row.values[columns.state]));
}

class RowReader {
 public:
  // `left`: the addresses that some row says have left.
  RowReader(const Columns& columns, const Marks& left, const RecipientsListener& listener)
      : columns_(columns), left_(left), listener_(listener) {}

  void read(CsvRow& row) {
    if (!row.fault.empty()) return exclude(row.line, Reason::bad_row, {}, row.fault);
    std::vector<std::string>& values = row.values;
    while (values.size() > columns_.names.size() && without_outer_blanks(values.back()).empty())
      values.pop_back();
    if (values.size() > columns_.names.size()) {
      return exclude(row.line, Reason::bad_row, {},
                     std::to_string(values.size()) + " values for " + std::to_string(columns_.names.size()) +
                         " columns");
    }
    values.resize(columns_.names.size());
    if (!std::all_of(values.begin(), values.end(), [](const std::string& value) { return is_utf8(value); })) {
      return exclude(row.line, Reason::bad_row, {}, "the row is not UTF-8");
    }
    read_address(row);
  }

 private:
  void read_address(const CsvRow& row) {
    const std::string written(without_outer_blanks(row.values[columns_.address]));
    auto address = parse_address(written);
    if (!address) return exclude(row.line, Reason::bad_address, written, address.error());
    if (columns_.name != Columns::kNone && has_control(without_outer_blanks(row.values[columns_.name]))) {
      return exclude(row.line, Reason::bad_row, address->text(), "the name holds a control character");
    }
    const Mark mark = mark_of(*address);
    const std::string state = state_of(columns_, row);
    if (!gets_mail(state)) {
      return exclude(row.line, Reason::state, address->text(), "the state is '" + state + "'");
    }
    if (left_.contains(mark)) {
      return exclude(row.line, Reason::state, address->text(), "another row says that this address has left");
    }
    if (!seen_.insert(mark).second) {
      return exclude(row.line, Reason::duplicate, address->text(),
                     "the same address stands in an earlier row");
    }
    take(row, std::move(*address));
  }

  void take(const CsvRow& row, Address address) {
    RecipientRow recipient{row.line, std::move(address), {}, {}};
    for (std::size_t i = 0; i < columns_.names.size(); ++i) {
      const std::string_view value = without_outer_blanks(row.values[i]);
      if (i == columns_.address || i == columns_.state || value.empty() || columns_.names[i].empty())
        continue;
      if (i == columns_.name) {
        recipient.name = value;
      } else {
        recipient.fields.emplace(columns_.names[i], value);
      }
    }
    listener_.on_recipient(std::move(recipient));
  }

  void exclude(std::size_t line, Reason reason, std::string address, std::string why) {
    listener_.on_exclusion({line, reason, std::move(address), std::move(why)});
  }

  const Columns& columns_;
  const Marks& left_;
  const RecipientsListener& listener_;
  Marks seen_;
};

// Of the usual separators the one that the header line has most of.
char find_separator(std::string_view head) {
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), best))
      best = candidate;
  }
  return best;
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// The file's rows, from the first one after the columns; start() again begins anew.
class ListFile {
 public:
  explicit ListFile(std::FILE* file) : file_(file) {}

  // Why it can't be read, as "1: what", or nothing.
  std::optional<std::string> start(Columns& columns) {
    columns = {};
    if (std::fseek(file_, 0, SEEK_SET) != 0) return " " + std::string(std::strerror(errno));
    head_.resize(kHead);
    head_.resize(std::fread(head_.data(), 1, head_.size(), file_));
    if (std::ferror(file_) != 0) return " " + std::string(std::strerror(errno));
    if (head_.starts_with("\xFF\xFE") || head_.starts_with("\xFE\xFF")) {
      return "1: the file is UTF-16; save it as UTF-8";
    }
    if (head_.starts_with("\xEF\xBB\xBF")) head_.erase(0, 3);
    const char separator = find_separator(head_);
    csv_ =
        std::make_unique<CsvReader>([this](char* to, std::size_t most) { return give(to, most); }, separator);
    CsvRow row;
    if (!csv_->next(row)) return "1: the file is empty; its first row must name the columns";
    if (auto why = read_columns(row, columns)) return std::to_string(row.line) + ": " + *why;
    return std::nullopt;
  }

  bool next(CsvRow& row) { return csv_->next(row); }
  bool failed() const { return std::ferror(file_) != 0; }

 private:
  static constexpr std::size_t kHead = 4096;

  std::size_t give(char* to, std::size_t most) {
    if (head_.empty()) return std::fread(to, 1, most, file_);
    const std::size_t size = std::min(most, head_.size());
    head_.copy(to, size);
    head_.erase(0, size);
    return size;
  }

  std::FILE* file_;
  std::string head_;
  std::unique_ptr<CsvReader> csv_;
};

Marks read_left(ListFile& list, const Columns& columns) {
  Marks left;
  CsvRow row;
  while (list.next(row)) {
    if (gets_mail(state_of(columns, row)) || columns.address >= row.values.size()) continue;
    const auto address = parse_address(without_outer_blanks(row.values[columns.address]));
    if (address) left.insert(mark_of(*address));
  }
  return left;
}

// Why they can't be read to their end, as "1: what", or nothing.
std::optional<std::string> read_rows(std::FILE* file, const RecipientsListener& listener) {
  ListFile list(file);
  Columns columns;
  if (auto why = list.start(columns)) return why;
  Marks left;
  if (columns.state != Columns::kNone) {
    left = read_left(list, columns);
    if (auto why = list.start(columns)) return why;
  }
  RowReader reader(columns, left, listener);
  CsvRow row;
  while (list.next(row)) reader.read(row);
  if (list.failed()) return " it can't be read to its end";
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::bad_row:
      return "bad-row";
    case Reason::bad_address:
      return "bad-address";
    case Reason::duplicate:
      return "duplicate";
    case Reason::state:
      return "state";
  }
  return "bad-row";
}

std::optional<ListFault> read_recipients(const std::filesystem::path& path,
                                         const RecipientsListener& listener, std::chrono::milliseconds calm) {
  const auto fault = [&](const std::string& what) { return ListFault{path.string() + what, false}; };
  const File file(std::fopen(path.c_str(), "rbe"), std::fclose);
  struct stat before{};
  struct stat after{};
  if (!file || ::fstat(::fileno(file.get()), &before) != 0)
    return fault(std::string(": ") + std::strerror(errno));
  if (younger_than(before, calm)) return ListFault{path.string() + ": is being written", true};
  const auto why = read_rows(file.get(), listener);
  if (::fstat(::fileno(file.get()), &after) != 0) return fault(std::string(": ") + std::strerror(errno));
  // What its half lacks would be missed by nobody.
  if (changed(before, after)) return ListFault{path.string() + ": is being written", true};
  if (why) return fault(':' + *why);
  return std::nullopt;
}

}  // namespace publishers
