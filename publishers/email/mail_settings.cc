#include "publishers/email/mail_settings.h"

#include <utility>
#include <vector>

#include "publishers/email/encodings.h"
#include "templates/merge.h"

namespace publishers {
namespace {

Mailbox read_mailbox(config::Section& section, std::string_view key, const std::string& text) {
  if (text.empty()) return {};
  auto mailbox = parse_mailbox(text);
  std::string why = mailbox ? std::string() : mailbox.error();
  // Every server on the way would have to know SMTPUTF8, for every message.
  if (mailbox && mailbox->address.needs_smtputf8) why = "what stands before the @ is not ASCII";
  if (why.empty()) return std::move(*mailbox);
  section.fault(key, "is no mail address: " + why, "write \"Name <name@example.org>\"");
  return {};
}

// Why `marked` can't be the way to leave, or nothing.
std::optional<std::string> unsubscribe_problem(std::string_view marked) {
  if (!is_way_to_leave(marked)) return "is no https:, http: or mailto: address";
  for (const templates::MergePiece& piece : templates::merge_pieces(marked)) {
    if (!is_uri_text(piece.literal)) return "holds a character that no address may have";
  }
  return std::nullopt;
}

// What mail to readers may not lack.
std::string read_duty(config::Section& section, std::string_view key, bool test_only, const char* meaning) {
  if (section.has(key) && !test_only) return section.text(key);
  std::string text = section.text(key, std::string());
  if (!test_only) {
    section.fault(key, std::string("is missing: ") + meaning,
                  "write it, or test_only = true for a channel without readers");
  }
  return text;
}

std::string read_unsubscribe(config::Section& section, bool test_only, bool one_click) {
  const std::string written = read_duty(section, "unsubscribe", test_only, "readers need a way to leave");
  if (written.empty()) {
    if (one_click) section.fault("one_click", "needs unsubscribe", "write both, or take one_click out");
    return {};
  }
  std::vector<std::string> unresolved;
  std::string marked = templates::mark_merge_fields(written, &unresolved);
  if (!unresolved.empty()) {
    const std::string& field = unresolved.front();
    section.fault("unsubscribe", "has the merge field {{" + field + "}} without a fallback",
                  "write {{" + field + "|}}");
  } else if (const auto why = unsubscribe_problem(marked)) {
    section.fault("unsubscribe", *why, "write one such as \"https://example.org/leave?who={{address|}}\"");
  } else if (one_click && !starts_with_ignoring_case(marked, "https://")) {
    section.fault("one_click", "needs an unsubscribe that begins with https:",
                  "change unsubscribe, or take one_click out");
  }
  return marked;
}

std::string read_list_id(config::Section& section) {
  std::string text = section.text("list_id", std::string());
  if (!text.empty() && !parse_list_id(text)) {
    section.fault("list_id", "is no list name",
                  "write \"weekly.example.org\" or \"Weekly <weekly.example.org>\"");
  }
  return text;
}

}  // namespace

std::string MailSettings::from_text() const {
  return to_text(from);
}

std::string MailSettings::reply_to_text() const {
  return reply_to ? to_text(*reply_to) : std::string();
}

MailSettings read_mail_settings(config::Section& section) {
  MailSettings settings;
  settings.from = read_mailbox(section, "from", section.text("from"));
  const std::string reply_to = section.text("reply_to", std::string());
  if (!reply_to.empty()) settings.reply_to = read_mailbox(section, "reply_to", reply_to);
  settings.test_only = section.flag("test_only", false);
  settings.one_click = section.flag("one_click", false);
  settings.postal_address = read_duty(section, "postal_address", settings.test_only,
                                      "the law of many countries asks for it in bulk mail");
  settings.why = read_duty(section, "why", settings.test_only, "readers want to know why they get this mail");
  settings.unsubscribe = read_unsubscribe(section, settings.test_only, settings.one_click);
  settings.recipients = section.path("recipients");
  settings.suppressed = section.path("suppressed", settings.recipients.parent_path() / "suppressed.csv");
  if (!settings.recipients.empty() && settings.suppressed == settings.recipients) {
    section.fault("suppressed", "is the file of the recipients", "name another file, or take suppressed out");
  }
  settings.max_per_day = section.number("max_per_day", 0, 0, 1'000'000'000);
  const std::string uncertain = section.choice("uncertain", {"hold", "resend", "assume"}, "hold");
  if (uncertain == "resend") settings.uncertain = MailSettings::Uncertain::resend;
  if (uncertain == "assume") settings.uncertain = MailSettings::Uncertain::assume;
  settings.list_id = read_list_id(section);
  const std::string images = section.choice("images", {"linked", "embedded"}, "linked");
  if (images == "embedded") settings.images = MailSettings::Images::embedded;
  return settings;
}

}  // namespace publishers
