#include "cli/plan_text.h"

#include <array>
#include <chrono>

#include "cli/print.h"
#include "model/time.h"

namespace cli {
namespace {

namespace json = boost::json;

// "Fri 2026-11-27 08:00"
std::string for_people(const json::object& slot) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const std::string text = text_of(slot, "date") + ' ' + text_of(slot, "time");
  const auto date = model::parse_date(text_of(slot, "date"));
  if (!date) return text;
  const std::chrono::weekday day{std::chrono::sys_days{*date}};
  return std::string(kDays.at(day.c_encoding())) + ' ' + text;
}

std::string named(const json::object& item) {
  return text_of(item, "draft") + " '" + text_of(item, "title") + '\'';
}

std::string counted(const json::object& object, const char* key, const std::string& thing) {
  const std::string count = text_of(object, key);
  return count + ' ' + thing + (count == "1" ? "" : "s");
}

std::string channel_line(const json::object& plan, const json::object& channel) {
  std::string line = "  " + text_of(channel, "channel") + " (" + text_of(channel, "kind") + ')';
  if (channel.at("mail").as_bool()) {
    return line + ": " + counted(channel, "recipients", "recipient") + ", " +
           counted(channel, "left_out", "row") + " left out\n";
  }
  const std::string permalink = text_of(plan, "permalink");
  return line + (permalink.empty() ? "" : ": " + permalink) + '\n';
}

std::string displaced_line(const json::object& displaced) {
  const json::value* to = displaced.if_contains("to");
  if (to != nullptr) {
    return "  " + named(displaced) + ", planned for it, moves to " + for_people(to->as_object()) + '\n';
  }
  const std::string why = text_of(displaced, "why");
  return "  " + named(displaced) + ", planned for it, gets no slot" + (why.empty() ? "" : ": " + why) + '\n';
}

// Who has to make room gets the slot that is left: that was said.
bool change_places(const json::object& plan) {
  const json::value* displaced = plan.if_contains("displaced");
  if (displaced == nullptr) return false;
  return text_of(displaced->as_object(), "draft") == text_of(plan.at("vacated").as_object(), "draft");
}

std::string vacated_line(const json::object& slot) {
  const bool filled = !text_of(slot, "draft").empty();
  return "  its slot of " + for_people(slot) +
         (filled ? " goes to " + named(slot) : " is left empty, unless another draft is ready by then") +
         '\n';
}

}  // namespace

std::string plan_text(const json::object& plan) {
  std::string text = painted(text_of(plan, "title"), Colour::strong) + '\n';
  for (const json::value& each : plan.at("channels").as_array()) text += channel_line(plan, each.as_object());
  const std::string slot = text_of(plan, "slot");
  text += slot.empty() ? "  outside of the schedule: no slot is taken\n" : "  takes the slot " + slot + '\n';
  if (const json::value* displaced = plan.if_contains("displaced")) {
    text += displaced_line(displaced->as_object());
  }
  const json::value* vacated = plan.if_contains("vacated");
  if (vacated != nullptr && !change_places(plan)) text += vacated_line(vacated->as_object());
  return text;
}

}  // namespace cli
