#include "mailing/who_left.h"

namespace mailing {
namespace {

std::string key_of(const MailChannel& channel) {
  return "those who left: " + channel.settings.suppressed.string();
}

}  // namespace

bool was_seen(store::Store& store, const MailChannel& channel) {
  return !channel.settings.suppressed.empty() && store.setting(key_of(channel)).has_value();
}

void note_seen(store::Store& store, const MailChannel& channel, std::size_t addresses) {
  if (channel.settings.suppressed.empty()) return;
  const std::string value = addresses > 0 ? "seen with addresses" : "";
  if (store.setting(key_of(channel)).value_or("") != value) store.set_setting(key_of(channel), value);
}

std::string with_advice(const publishers::SuppressionList& list, const std::string& fault) {
  if (list.trouble() != publishers::SuppressionList::Trouble::gone) return fault;
  return fault +
         ", and it held those who left: put it back, or an empty one if nobody has left, then say `retry`";
}

}  // namespace mailing
