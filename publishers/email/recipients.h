// The recipients of a channel: a CSV file with a header row. `address` or `email` is required; `name` and
// `state` are known; every other column is a merge field under its lower-case name, blanks as _.
//
// Read as a stream, row by row, so that a list of millions costs no memory but 16 bytes an address, which
// find duplicates. An address that any row gives a state of leaving gets no mail, wherever its other rows
// stand. Blocks on the file; any thread. Each row that is no empty line comes to exactly one of the two
// functions, in the order of the file.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "publishers/email/address.h"
#include "publishers/email/list_file.h"

namespace publishers {

struct RecipientRow {
  std::size_t line = 0;
  Address address;
  std::string name;
  std::map<std::string, std::string, std::less<>> fields;  // empty values are left out
};

// A row that gets no mail.
struct RecipientExclusion {
  enum class Reason { bad_row, bad_address, duplicate, state };
  std::size_t line = 0;
  Reason reason = Reason::bad_row;
  std::string address;  // as far as it could be read
  std::string why;      // a clause for people: "it has no @", "the state is 'unsubscribed'"
};

struct RecipientsListener {
  std::function<void(RecipientRow&&)> on_recipient;
  std::function<void(RecipientExclusion&&)> on_exclusion;
};

// Nothing when the file was read to its end and nobody wrote it meanwhile, nor within `calm` before; else why
// not. Of what was said to `listener` before, nothing holds then.
std::optional<ListFault> read_recipients(const std::filesystem::path& file,
                                         const RecipientsListener& listener,
                                         std::chrono::milliseconds calm = {});

// "bad-row", "bad-address", "duplicate", "state"
std::string_view to_text(RecipientExclusion::Reason reason);

}  // namespace publishers
