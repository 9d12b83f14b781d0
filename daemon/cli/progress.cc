#include "cli/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "cli/columns.h"
#include "cli/options.h"
#include "cli/print.h"
#include "model/time.h"

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kWidestBar = 20;
constexpr std::size_t kNarrowestBar = 4;
constexpr std::size_t kFrame = 3;  // " [" and "]"

std::int64_t count(const json::object& counts, const char* state) {
  const json::value* value = counts.if_contains(state);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

bool is_over(const json::object& delivery) {
  const std::string state = text_of(delivery, "state");
  return state == "confirmed" || state == "rejected" || state == "cancelled" || state == "held" ||
         (state == "uncertain" && text_of(delivery, "next_at").empty());
}

std::string bar(std::int64_t done, std::int64_t total, std::size_t width) {
  const auto full = static_cast<std::size_t>(static_cast<std::int64_t>(width) * done / total);
  return " [" + std::string(full, '#') + std::string(width - full, '.') + ']';
}

struct Part {  // of the line: one delivery
  std::string state;
  Progress::Mailing mailing;
};

std::string joined(const std::vector<Part>& parts, std::size_t width) {
  std::string line;
  for (const Part& part : parts) {
    line += (line.empty() ? "" : "  ") + part.state;
    if (part.mailing.total == 0) continue;
    if (width >= kNarrowestBar)
      line += bar(part.mailing.total - part.mailing.left, part.mailing.total, width);
    line += ' ' + part.mailing.sums;
  }
  return line;
}

// What the words leave to each bar.
std::size_t bar_width(const std::vector<Part>& parts, std::size_t room) {
  std::size_t taken = columns(joined(parts, 0));
  std::size_t bars = 0;
  for (const Part& part : parts) bars += part.mailing.total > 0 ? 1 : 0;
  taken += bars * kFrame;
  return bars == 0 || taken >= room ? 0 : std::min((room - taken) / bars, kWidestBar);
}

std::string per_time(double rate) {
  constexpr double kSecondsPerMinute = 60;
  const char* unit = "/s";
  for (const char* slower : {"/min", "/h"}) {
    if (rate >= 1) break;
    rate *= kSecondsPerMinute;
    unit = slower;
  }
  return std::to_string(std::lround(rate)) + unit;
}

}  // namespace

Progress::Look Progress::look(const json::object& post, Time now) {
  Look look;
  look.over = true;
  bool uncertain = false;
  bool failed = false;
  std::vector<Part> parts;
  for (const json::value& each : post.at("deliveries").as_array()) {
    const json::object& delivery = each.as_object();
    const std::string state = text_of(delivery, "state");
    look.over = look.over && is_over(delivery);
    uncertain = uncertain || state == "uncertain";
    failed = failed || state == "rejected" || state == "held" || state == "cancelled";
    parts.push_back({text_of(delivery, "channel") + ": " + text_of(delivery, "face"), {}});
    if (const json::value* counts = delivery.if_contains("messages")) {
      parts.back().mailing = mailing(text_of(delivery, "id"), counts->as_object(), now);
    }
  }
  look.line = room_ ? cut_to(joined(parts, bar_width(parts, *room_)), *room_) : joined(parts, kWidestBar);
  look.exit = uncertain ? kUncertain : failed ? kProblems : kDone;
  return look;
}

Progress::Mailing Progress::mailing(const std::string& delivery, const json::object& counts, Time now) {
  Mailing mailing;
  mailing.total = count(counts, "total");
  const std::int64_t sent = count(counts, "accepted");
  mailing.left = mailing.total - sent;
  mailing.sums = std::to_string(sent) + " sent, " + std::to_string(count(counts, "failed")) + " failed";
  mailing.left -= count(counts, "failed");
  for (const auto& [state, words] : {std::pair{"uncertain", "may have arrived"},
                                     {"suppressed", "left the list"},
                                     {"cancelled", "cancelled"}}) {
    const std::int64_t these = count(counts, state);
    mailing.left -= these;
    if (these > 0) mailing.sums += ", " + std::to_string(these) + ' ' + words;
  }
  mailing.sums += ", " + std::to_string(mailing.left) + " left";
  if (room_) mailing.sums += pace(delivery, sent, mailing.left, now);
  return mailing;
}

// Nothing until a second has shown how fast it goes.
std::string Progress::pace(const std::string& delivery, std::int64_t sent, std::int64_t left, Time now) {
  if (sent == 0 || left == 0) return "";
  const Begin& begin = begun_.try_emplace(delivery, Begin{now, sent}).first->second;
  const double seconds = std::chrono::duration<double>(now - begin.at).count();
  if (seconds < 1 || sent == begin.sent) return "";
  const double rate = static_cast<double>(sent - begin.sent) / seconds;
  const auto to_go =
      std::chrono::seconds(static_cast<std::int64_t>(std::ceil(static_cast<double>(left) / rate)));
  return ", " + per_time(rate) + ", " + model::for_people(to_go) + " to go";
}

}  // namespace cli
