// A thin RAII layer over sqlite3: a connection and its statements. Used on one thread at a time. Throws
// StoreFailure.
//
// SQL is a string literal, which the compiler sees to: no value ever becomes part of a text. Prepared
// statements are kept by the literal's address.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "model/ids.h"
#include "model/occurrence.h"
#include "model/time.h"
#include "store/error.h"

namespace store::sqlite {

class Sql {
 public:
  consteval Sql(const char* literal) : text_(literal) {}
  constexpr const char* text() const { return text_; }

 private:
  const char* text_;
};

// Bytes that are no text.
struct Bytes {
  std::string_view view;
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <char Prefix>
struct IsId<model::Id<Prefix>> : std::true_type {};

// A statement in use: bound, stepped, and given back to its connection's cache at the end. Texts are copied
// unless `Keep` says that they outlive it.
class Statement {
 public:
  template <bool Keep, class... Values>
  Statement(std::bool_constant<Keep>, sqlite3* db, sqlite3_stmt* statement, const Values&... values)
      : db_(db), statement_(statement) {
    [[maybe_unused]] int index = 0;
    (bind<Keep>(++index, values), ...);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  bool next();  // false after the last row

  // The columns of the current row, from the left.
  template <class... Out>
  void read(Out&... out) const {
    [[maybe_unused]] int column = 0;
    (get(column++, out), ...);
  }

 private:
  void check(int code) const;
  void bind_null(int index);
  void bind_number(int index, std::int64_t number);
  void bind_text(int index, std::string_view text, bool keep);
  void bind_bytes(int index, std::string_view bytes, bool keep);
  std::int64_t column_number(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view column_text(int column) const;

  template <bool Keep, class T>
  void bind(int index, const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) {
        bind<Keep>(index, *value);
      } else {
        bind_null(index);
      }
    } else if constexpr (IsId<T>::value) {
      bind_number(index, value.value);
    } else if constexpr (std::is_same_v<T, model::Instant>) {
      bind_number(index, value.time_since_epoch().count());
    } else if constexpr (std::is_same_v<T, model::milliseconds>) {
      bind_number(index, value.count());
    } else if constexpr (std::is_same_v<T, model::LocalDate>) {
      bind_text(index, model::iso_date(value), false);
    } else if constexpr (std::is_same_v<T, model::TimeOfDay>) {
      bind_number(index, value.since_midnight.count());
    } else if constexpr (std::is_same_v<T, Bytes>) {
      bind_bytes(index, value.view, Keep);
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      bind_number(index, static_cast<std::int64_t>(value));
    } else {
      bind_text(index, value, Keep);
    }
  }

  template <class T>
  void get(int column, T& out) const {
    if constexpr (IsOptional<T>::value) {
      if (sqlite3_column_type(statement_, column) == SQLITE_NULL) {
        out.reset();
      } else {
        get(column, out.emplace());
      }
    } else if constexpr (IsId<T>::value) {
      out.value = column_number(column);
    } else if constexpr (std::is_same_v<T, model::Instant>) {
      out = model::Instant(model::milliseconds(column_number(column)));
    } else if constexpr (std::is_same_v<T, model::milliseconds>) {
      out = model::milliseconds(column_number(column));
    } else if constexpr (std::is_same_v<T, model::LocalDate>) {
      out = model::parse_date(column_text(column)).value_or(model::LocalDate{});
    } else if constexpr (std::is_same_v<T, model::TimeOfDay>) {
      out.since_midnight = std::chrono::minutes(column_number(column));
    } else if constexpr (std::is_same_v<T, bool>) {
      out = column_number(column) != 0;
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      out = static_cast<T>(column_number(column));
    } else {
      out.assign(column_text(column));
    }
  }

  sqlite3* db_;
  sqlite3_stmt* statement_;
};

class Connection {
 public:
  enum class Access { read_only, read_write };
  // A file that is made is for its owner alone.
  Connection(const std::filesystem::path& file, Access access);

  // Runs a statement to its end; how many rows it changed.
  template <class... Values>
  std::int64_t run(Sql sql, const Values&... values) {
    Statement statement(std::true_type{}, db_.get(), prepared(sql), values...);
    while (statement.next()) {
    }
    return sqlite3_changes64(db_.get());
  }

  // A statement whose rows the caller reads.
  template <class... Values>
  Statement select(Sql sql, const Values&... values) {
    return Statement(std::false_type{}, db_.get(), prepared(sql), values...);
  }

  // The first column of the only row, if there is one.
  template <class T, class... Values>
  std::optional<T> value(Sql sql, const Values&... values) {
    Statement statement(std::true_type{}, db_.get(), prepared(sql), values...);
    if (!statement.next()) return std::nullopt;
    T out{};
    statement.read(out);
    while (statement.next()) {
    }
    return out;
  }

  std::int64_t last_id() const { return sqlite3_last_insert_rowid(db_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  void script(Sql sql);            // several statements, no values, no rows
  [[noreturn]] void fail() const;  // throws what SQLite said last
  sqlite3* handle() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  sqlite3_stmt* prepared(Sql sql);

  std::unique_ptr<sqlite3, Close> db_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// Writes that happen together or not at all: a transaction of their own, or a part of the open one.
class Atomic {
 public:
  explicit Atomic(Connection& db);
  Atomic(const Atomic&) = delete;
  Atomic& operator=(const Atomic&) = delete;
  ~Atomic();  // takes back what was not done()
  void done();

 private:
  Connection& db_;
  const bool outermost_;
  bool done_ = false;
};

}  // namespace store::sqlite
