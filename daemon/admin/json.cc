#include "admin/json.h"

#include "intake/text.h"

namespace admin {
namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value instant_or_null(const std::optional<model::Instant>& instant) {
  return instant ? json::value(model::rfc3339(*instant)) : json::value(nullptr);
}

template <class Id>
json::value id_or_null(Id id) {
  return id ? json::value(id.text()) : json::value(nullptr);
}

json::array texts(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.emplace_back(value);
  return out;
}

std::string_view outcome_name(publishers::Outcome outcome) {
  switch (outcome) {
    case publishers::Outcome::confirmed:
      return "confirmed";
    case publishers::Outcome::deferred:
      return "deferred";
    case publishers::Outcome::rejected:
      return "rejected";
    case publishers::Outcome::uncertain:
      break;
  }
  return "uncertain";
}

std::string legible(std::string_view bytes) {
  std::string out;
  while (const auto bad = intake::first_bad_utf8(bytes)) {
    out.append(bytes.substr(0, *bad)).append("\xEF\xBF\xBD");
    bytes.remove_prefix(*bad + 1);
  }
  return out.append(bytes);
}

}  // namespace

json::object json_of(const planning::Slot& slot) {
  return {{"series", slot.occurrence.series},
          {"date", model::iso_date(slot.occurrence.date)},
          {"time", model::hh_mm(slot.occurrence.time)},
          {"instant", model::rfc3339(slot.instant)},
          {"local", slot.local},
          {"state", std::string(model::name(slot.state))},
          {"draft", id_or_null(slot.draft)},
          {"post", id_or_null(slot.post)},
          {"title", text_or_null(slot.title)},
          {"channels", texts(slot.channels)},
          {"obstacles", texts(slot.obstacles)}};
}

json::object json_of(const planning::Timeline& timeline) {
  json::array slots;
  for (const planning::Slot& slot : timeline.slots) slots.push_back(json_of(slot));
  json::array unplanned;
  for (const planning::Unplanned& each : timeline.unplanned) {
    unplanned.push_back(json::object{
        {"draft", each.draft.text()}, {"path", each.path}, {"title", each.title}, {"why", each.why}});
  }
  return {{"at", model::rfc3339(timeline.at)}, {"slots", slots}, {"unplanned", unplanned}};
}

json::object json_of(const model::Problem& problem) {
  return {{"file", problem.file},  {"line", problem.line}, {"column", problem.column},
          {"what", problem.what},  {"todo", problem.todo}, {"blocking", problem.blocking},
          {"text", problem.text()}};
}

json::object json_of(const model::Draft& draft) {
  json::array problems;
  for (const model::Problem& problem : draft.problems) problems.push_back(json_of(problem));
  return {{"id", draft.id.text()},
          {"path", draft.path},
          {"state", std::string(model::name(draft.shown_state()))},
          {"why", text_or_null(draft.shown_why())},
          {"revision", draft.revision},
          {"title", draft.head.title},
          {"slug", draft.head.slug},
          {"series", draft.head.series},
          {"author", text_or_null(draft.head.author)},
          {"priority", draft.head.priority},
          {"first_ready", instant_or_null(draft.first_ready)},
          {"changed_at", model::rfc3339(draft.changed_at)},
          {"post", id_or_null(draft.post)},
          {"problems", problems}};
}

json::object json_of(const model::Delivery& delivery) {
  return {{"id", delivery.id.text()},
          {"post", delivery.post.text()},
          {"channel", delivery.channel},
          {"mail", delivery.mail},
          {"state", std::string(model::name(delivery.state))},
          {"face", std::string(model::face(delivery.state, delivery.mail))},
          {"attempts", delivery.attempts},
          {"next_at", instant_or_null(delivery.next_at)},
          {"remote_id", text_or_null(delivery.remote_id)},
          {"permalink", text_or_null(delivery.permalink)},
          {"reply", text_or_null(delivery.reply)},
          {"changed_at", model::rfc3339(delivery.changed_at)}};
}

json::object json_of(const model::Post& post) {
  json::object out{{"id", post.id.text()},
                   {"pid", post.pid},
                   {"draft", id_or_null(post.draft)},
                   {"series", post.series},
                   {"slug", post.slug},
                   {"title", post.title},
                   {"state", std::string(model::name(post.state))},
                   {"permalink", text_or_null(post.permalink)},
                   {"due_at", model::rfc3339(post.due_at)}};
  out["slot"] = post.occurrence ? json::value(post.occurrence->text()) : json::value(nullptr);
  return out;
}

json::object json_of(const model::MessageCounts& counts) {
  json::object out{{"total", counts.total()}, {"excluded", counts.excluded}};
  for (int state = 0; state < model::kMessageStates; ++state) {
    out[model::name(static_cast<model::MessageState>(state))] = counts.by_state[state];
  }
  return out;
}

json::object json_of(const store::MessageRow& message) {
  return {{"id", message.id.text()},
          {"address", message.address},
          {"state", std::string(model::name(message.state))},
          {"attempts", message.attempts},
          {"reply", text_or_null(message.reply)},
          {"next_at", instant_or_null(message.next_at)},
          {"changed_at", model::rfc3339(message.changed_at)}};
}

json::object json_of(const store::EventRow& event) {
  return {{"id", event.id},
          {"at", model::rfc3339(event.at)},
          {"who", event.who},
          {"item", event.item},
          {"what", event.what}};
}

json::object json_of(const store::ReceiptRow& receipt) {
  return {{"at", model::rfc3339(receipt.at)},
          {"attempt", receipt.attempt},
          {"outcome", std::string(outcome_name(receipt.receipt.outcome))},
          {"remote_id", text_or_null(receipt.receipt.remote_id)},
          {"permalink", text_or_null(receipt.receipt.permalink)},
          {"reply", text_or_null(receipt.receipt.reply)}};
}

json::object json_of(const planning::Displaced& displaced) {
  json::object out{
      {"draft", displaced.draft.text()}, {"title", displaced.title}, {"why", text_or_null(displaced.why)}};
  if (displaced.to) out["to"] = json_of(*displaced.to);
  return out;
}

json::object json_of(const PublishPlan& plan) {
  json::array channels;
  for (const PublishPlan::Channel& channel : plan.channels) {
    json::object each{{"channel", channel.key}, {"kind", channel.kind}, {"mail", channel.mail}};
    if (channel.mail) {
      each["recipients"] = channel.recipients;
      each["left_out"] = channel.left_out;
    }
    channels.push_back(std::move(each));
  }
  json::object out{{"post", id_or_null(plan.post)},
                   {"title", plan.title},
                   {"slug", plan.slug},
                   {"permalink", text_or_null(plan.permalink)},
                   {"slot", text_or_null(plan.slot)},
                   {"channels", channels}};
  if (plan.aftermath.vacated) out["vacated"] = json_of(*plan.aftermath.vacated);
  if (plan.aftermath.displaced) out["displaced"] = json_of(*plan.aftermath.displaced);
  return out;
}

json::object json_of(const LeftFile& file) {
  return {{"draft", file.draft},
          {"path", file.path},
          {"title", file.title},
          {"state", file.state},
          {"why", file.why}};
}

json::object json_of(const StuckDelivery& stuck) {
  return {{"id", stuck.id.text()},    {"post", stuck.post.text()}, {"title", stuck.title},
          {"channel", stuck.channel}, {"face", stuck.face},        {"why", text_or_null(stuck.why)},
          {"todo", stuck.todo}};
}

json::object json_of(const Health& health) {
  json::array stuck;
  for (const StuckDelivery& each : health.stuck) stuck.push_back(json_of(each));
  json::array channels;
  for (const ChannelHealth& channel : health.channels) {
    std::optional<model::Instant> checked;
    if (channel.checked != model::Instant{}) checked = channel.checked;
    channels.push_back(json::object{{"channel", channel.key},
                                    {"kind", channel.kind},
                                    {"mail", channel.mail},
                                    {"well", channel.well},
                                    {"reply", text_or_null(channel.reply)},
                                    {"checked", instant_or_null(checked)},
                                    {"paused", text_or_null(channel.breaker)}});
  }
  return {{"well", health.well},
          {"halted", text_or_null(health.halted)},
          {"store", health.store},
          {"content", text_or_null(health.content)},
          {"version", health.version},
          {"rehearsal", text_or_null(health.rehearsal)},
          {"started", model::rfc3339(health.started)},
          {"at", model::rfc3339(health.at)},
          {"channels", channels},
          {"stuck", stuck},
          {"stuck_count", health.stuck_count}};
}

json::object json_of(const Examination& examination) {
  json::array findings;
  for (const Finding& finding : examination.findings) {
    const char* const kind = finding.kind == Finding::Kind::good  ? "good"
                             : finding.kind == Finding::Kind::bad ? "bad"
                                                                  : "note";
    findings.push_back(
        json::object{{"kind", kind}, {"what", finding.what}, {"todo", text_or_null(finding.todo)}});
  }
  return {{"config", examination.config}, {"account", examination.account}, {"findings", findings}};
}

void make_legible(json::value& value) {
  if (auto* const text = value.if_string()) {
    if (intake::first_bad_utf8(*text)) *text = legible(*text);
  } else if (auto* const array = value.if_array()) {
    for (json::value& each : *array) make_legible(each);
  } else if (auto* const object = value.if_object()) {
    for (auto& member : *object) make_legible(member.value());
  }
}

}  // namespace admin
