// Mail addresses: the Mailbox of RFC 5321 4.1.2 without address literals, checked strictly, for nothing
// that is sent to a server or put into a header may hold what it does not expect. Pure; any thread.
// Errors are clauses for people: "it has no @".
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace publishers {

struct Address {
  std::string local;            // UTF-8, quoted only where it must be
  std::string domain;           // lower-case A-labels
  bool needs_smtputf8 = false;  // the local part is not ASCII (RFC 6531)

  std::string text() const { return local + '@' + domain; }  // canonical
  std::string key() const;                                   // for comparisons: text() in ASCII lower case
};
tl::expected<Address, std::string> parse_address(std::string_view text);

// A domain in lower-case A-labels.
tl::expected<std::string, std::string> parse_domain(std::string_view text);

// "Name <ada@example.org>", "\"Name\" <...>" or a bare address.
struct Mailbox {
  std::string name;  // UTF-8 without control characters, without quotes
  Address address;
};
tl::expected<Mailbox, std::string> parse_mailbox(std::string_view text);
// Parsed again it gives the same.
std::string to_text(const Mailbox& mailbox);

// "Name <weekly.example.org>" or "weekly.example.org" (RFC 2919).
struct ListId {
  std::string name;  // as in Mailbox
  std::string id;    // in the form of a domain
};
tl::expected<ListId, std::string> parse_list_id(std::string_view text);

}  // namespace publishers
