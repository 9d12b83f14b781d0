#include "publishers/email/address.h"

#include <idn2.h>

#include <algorithm>
#include <optional>

#include "publishers/email/encodings.h"

namespace publishers {
namespace {

constexpr std::size_t kMostLocal = 64;
constexpr std::size_t kMostDomain = 253;
constexpr std::size_t kMostAddress = 254;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What stands between ! and ~ but is no atext (RFC 5322 3.2.3).
bool is_special(char c) {
  return std::string_view("()<>[]:;@\\,.\"").find(c) != std::string_view::npos;
}

bool is_atext(char c) {
  return is_letter_or_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
         (c > ' ' && c < 0x7F && !is_special(c));
}

bool is_dot_atom(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atext(c); });
}

// What stands between the quotes, if `text` is one string in quotes.
std::optional<std::string> without_quotes(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') return std::nullopt;
    if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
    out += text[i];
  }
  return out;
}

std::string with_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// In the one form of all that mean the same: quoted only where that is needed (RFC 5321 4.1.2).
std::optional<std::string> canonical_local(std::string_view text) {
  if (is_dot_atom(text)) return std::string(text);
  const auto inner = without_quotes(text);
  if (!inner || inner->empty() || !is_ascii(*inner)) return std::nullopt;
  return is_dot_atom(*inner) ? *inner : with_quotes(*inner);
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return c == '-' || is_letter_or_digit(c); });
}

bool is_domain(std::string_view domain) {
  if (domain.size() > kMostDomain) return false;
  for (;;) {
    const std::size_t dot = domain.find('.');
    const std::string_view label = domain.substr(0, dot);
    if (!is_label(label)) return false;
    // 192.0.2.1 is a machine's number, which mail writes in brackets.
    if (dot == std::string_view::npos) return !std::all_of(label.begin(), label.end(), is_digit);
    domain.remove_prefix(dot + 1);
  }
}

std::optional<std::string> to_a_labels(std::string_view domain) {
  std::string text = ascii_lower(domain);
  // IDNA leaves such a domain as it is, and takes its time.
  if (is_ascii(text) && text.find("xn--") == std::string::npos) return text;
  char* converted = nullptr;
  const int code = idn2_to_ascii_8z(text.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (code != IDN2_OK) return std::nullopt;
  text = ascii_lower(converted);
  idn2_free(converted);
  return text;
}

// Splits "Name <inner>"; all is inner where there are no brackets.
struct Bracketed {
  std::string name;
  std::string_view inner;
};

tl::expected<Bracketed, std::string> split_brackets(std::string_view text) {
  const auto refuse = [](const char* what) { return tl::unexpected(std::string(what)); };
  text = without_outer_blanks(text);
  if (!is_utf8(text)) return refuse("it is not UTF-8");
  if (has_control(text)) return refuse("it holds a control character");
  if (!text.ends_with('>')) return Bracketed{{}, text};
  const std::size_t open = text.rfind('<');
  if (open == std::string_view::npos) return refuse("it has a > without a <");
  const std::string_view name = without_outer_blanks(text.substr(0, open));
  Bracketed split{std::string(name), text.substr(open + 1, text.size() - open - 2)};
  if (name.starts_with('"')) {
    auto inner = without_quotes(name);
    if (!inner) return refuse("the quotes around the name do not match");
    split.name = without_outer_blanks(*inner);
  }
  return split;
}

}  // namespace

std::string Address::key() const {
  return ascii_lower(text());
}

tl::expected<std::string, std::string> parse_domain(std::string_view text) {
  if (text.empty()) return tl::unexpected(std::string("there is no domain"));
  const bool allowed = is_utf8(text) && !has_control(text);
  auto a_labels = allowed ? to_a_labels(text) : std::nullopt;
  if (!a_labels || !is_domain(*a_labels)) return tl::unexpected(std::string("the domain is not allowed"));
  return std::move(*a_labels);
}

tl::expected<Address, std::string> parse_address(std::string_view text) {
  const auto refuse = [](const char* what) { return tl::unexpected(std::string(what)); };
  if (!is_utf8(text)) return refuse("it is not UTF-8");
  if (has_control(text)) return refuse("it holds a control character");
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return refuse("it has no @");
  const std::string_view written = text.substr(0, at);
  if (written.empty()) return refuse("there is nothing before the @");
  auto local = canonical_local(written);
  if (!local) return refuse("what stands before the @ is not allowed");
  if (local->size() > kMostLocal) return refuse("there are more than 64 bytes before the @");
  auto domain = parse_domain(text.substr(at + 1));
  if (!domain) return tl::unexpected(domain.error());
  const bool needs_smtputf8 = !is_ascii(*local);
  Address address{std::move(*local), std::move(*domain), needs_smtputf8};
  if (address.local.size() + 1 + address.domain.size() > kMostAddress)
    return refuse("it is longer than 254 bytes");
  return address;
}

tl::expected<Mailbox, std::string> parse_mailbox(std::string_view text) {
  auto split = split_brackets(text);
  if (!split) return tl::unexpected(split.error());
  auto address = parse_address(split->inner);
  if (!address) return tl::unexpected(address.error());
  return Mailbox{std::move(split->name), std::move(*address)};
}

std::string to_text(const Mailbox& mailbox) {
  if (mailbox.name.empty()) return mailbox.address.text();
  return with_quotes(mailbox.name) + " <" + mailbox.address.text() + '>';
}

tl::expected<ListId, std::string> parse_list_id(std::string_view text) {
  auto split = split_brackets(text);
  if (!split) return tl::unexpected(split.error());
  auto id = parse_domain(split->inner);
  if (!id) return tl::unexpected(id.error());
  return ListId{std::move(split->name), std::move(*id)};
}

}  // namespace publishers
