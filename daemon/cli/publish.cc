// fridayctl publish: shows what would happen, asks, does it, and on wish waits with the progress.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "cli/print.h"
#include "cli/verbs.h"

namespace cli {
namespace {

namespace json = boost::json;
constexpr auto kLook = std::chrono::milliseconds(200);
constexpr int kLooksBetween = 10;

volatile std::sig_atomic_t detached = 0;

json::object order(const Options& options, bool dry_run) {
  json::object body{{"draft", options.item}, {"dry_run", dry_run}};
  if (!options.slot.empty()) body["slot"] = options.slot;
  if (!options.channels.empty()) {
    json::array channels;
    for (const std::string& channel : options.channels) channels.emplace_back(channel);
    body["channels"] = channels;
  }
  return body;
}

// What keeps a post from going out, and whether it is for show only.
struct Standing {
  std::string halted;
  std::string rehearsal;
};

Standing standing(const Client& client) {
  const Reply status = client.get("/api/v1/status");
  return {text_of(status.body, "halted"), text_of(status.body, "rehearsal")};
}

std::string nothing_goes_out(const std::string& halted) {
  return "nothing goes out: " + halted_for_people(halted);
}

void print_plan(const json::object& plan, const Standing& now, std::ostream& out) {
  if (!now.rehearsal.empty()) out << painted("REHEARSAL: " + now.rehearsal, Colour::warning) << '\n';
  out << painted(text_of(plan, "title"), Colour::strong) << '\n';
  for (const json::value& each : plan.at("channels").as_array()) {
    const json::object& channel = each.as_object();
    out << "  " << text_of(channel, "channel") << " (" << text_of(channel, "kind") << ')';
    if (channel.at("mail").as_bool()) {
      out << ": " << text_of(channel, "recipients") << " recipients, " << text_of(channel, "left_out")
          << " rows left out";
    } else if (!text_of(plan, "permalink").empty()) {
      out << ": " << text_of(plan, "permalink");
    }
    out << '\n';
  }
  const std::string slot = text_of(plan, "slot");
  out << (slot.empty() ? "  outside of the schedule: no slot is taken\n" : "  takes the slot " + slot + '\n');
  if (!now.halted.empty()) out << painted("  " + nothing_goes_out(now.halted), Colour::warning) << '\n';
}

bool agreed(std::ostream& out) {
  out << "Publish now? [y/N] " << std::flush;
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

std::int64_t count(const json::object& counts, const char* state) {
  const json::value* value = counts.if_contains(state);
  return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

class Progress {
 public:
  explicit Progress(bool on_error)
      : out_(on_error ? std::cerr : std::cout),
        terminal_(::isatty(on_error ? STDERR_FILENO : STDOUT_FILENO) == 1) {}
  // Says how far each delivery is; true once all have come to an end.
  bool show(const json::object& post) {
    bool over = true;
    std::string line;
    for (const json::value& each : post.at("deliveries").as_array()) {
      const json::object& delivery = each.as_object();
      const std::string state = text_of(delivery, "state");
      over = over && (state == "confirmed" || state == "rejected" || state == "cancelled" ||
                      state == "held" || (state == "uncertain" && text_of(delivery, "next_at").empty()));
      uncertain_ = uncertain_ || state == "uncertain";
      failed_ = failed_ || state == "rejected" || state == "held" || state == "cancelled";
      if (!line.empty()) line += "  ";
      line += text_of(delivery, "channel") + ": " + text_of(delivery, "face");
      if (const json::value* counts = delivery.if_contains("messages")) line += bar(counts->as_object());
    }
    if (line != last_) out_ << (terminal_ ? "\r\033[K" + line : line + '\n') << std::flush;
    last_ = line;
    if (over && terminal_) out_ << '\n';
    return over;
  }
  int exit() const { return uncertain_ ? kUncertain : failed_ ? kProblems : kDone; }
  void forget() { uncertain_ = failed_ = false; }

 private:
  std::string bar(const json::object& counts) {
    const std::int64_t total = count(counts, "total");
    if (total == 0) return "";
    const std::int64_t sent = count(counts, "accepted");
    const std::int64_t failed =
        count(counts, "failed") + count(counts, "suppressed") + count(counts, "cancelled");
    const std::int64_t left = total - sent - failed - count(counts, "uncertain");
    constexpr std::int64_t kWidth = 20;
    const auto full = static_cast<std::size_t>(kWidth * (total - left) / total);
    std::string text = " [" + std::string(full, '#') +
                       std::string(static_cast<std::size_t>(kWidth) - full, '.') + "] " +
                       std::to_string(sent) + " sent, " + std::to_string(failed) + " not sent, " +
                       std::to_string(left) + " left";
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - started_).count();
    if (terminal_ && sent > 0 && left > 0 && seconds > 1) {
      const double rate = static_cast<double>(sent) / seconds;
      text += ", " + std::to_string(static_cast<int>(rate)) + "/s, " +
              std::to_string(static_cast<int>(static_cast<double>(left) / rate) + 1) + " s to go";
    }
    return text;
  }

  std::ostream& out_;
  bool terminal_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::string last_;
  bool uncertain_ = false;
  bool failed_ = false;
};

int wait_for(const Client& client, const std::string& post, bool json) {
  std::signal(SIGINT, [](int) { detached = 1; });
  std::ostream& out = json ? std::cerr : std::cout;
  Progress progress(json);
  int looks = 0;
  for (;;) {
    const Reply reply = client.get("/api/v1/posts/" + post);
    if (!reply.ok()) {
      std::cerr << "fridayctl: " << shown(reply.detail) << '\n';
      return exit_code(reply);
    }
    progress.forget();
    if (progress.show(reply.body)) return progress.exit();
    // Each look at the status writes to the store: not at every beat.
    const Standing now = looks++ % kLooksBetween == 0 ? standing(client) : Standing{};
    if (!now.halted.empty()) {
      out << '\n' << post << " waits, " << nothing_goes_out(now.halted) << '\n';
      return kTryAgain;
    }
    std::this_thread::sleep_for(kLook);
    if (detached != 0) {
      out << "\nDetached; fridayd goes on. See `fridayctl deliveries " << post << "`.\n";
      return kTryAgain;
    }
  }
}

// An exit code where it ends here: it was for show, refused or declined.
std::optional<int> ask_first(const Client& client, const Options& options) {
  const Reply plan = client.post("/api/v1/publish", order(options, true));
  if (!plan.ok()) {
    std::cerr << "fridayctl: " << shown(plan.detail) << '\n';
    return exit_code(plan);
  }
  std::ostream& out = options.json ? std::cerr : std::cout;
  if (options.dry_run && options.json) {
    std::cout << plan.text;
  } else {
    print_plan(plan.body, standing(client), out);
  }
  if (options.dry_run) return kDone;
  if (agreed(out)) return std::nullopt;
  out << "Nothing was done.\n";
  return kProblems;
}

}  // namespace

int publish(const Client& client, const Options& options) {
  if (!options.yes && !options.dry_run && ::isatty(STDIN_FILENO) != 1) {
    std::cerr << "fridayctl: nobody can be asked here, and nothing was done; say --yes to publish unasked\n";
    return kUsage;
  }
  if (!options.yes || options.dry_run) {
    if (const auto over = ask_first(client, options)) return *over;
  }
  const Reply done = client.post("/api/v1/publish", order(options, false));
  if (!done.ok()) {
    std::cerr << "fridayctl: " << shown(done.detail) << '\n';
    return exit_code(done);
  }
  const std::string post = text_of(done.body, "post");
  if (options.json) std::cout << done.text << std::flush;
  if (options.wait) return wait_for(client, post, options.json);
  if (options.json) return kDone;
  const std::string halted = standing(client).halted;
  std::cout << post << "  " << text_of(done.body, "title")
            << (halted.empty() ? std::string(" is on its way") : " waits, " + nothing_goes_out(halted))
            << '\n';
  return kDone;
}

}  // namespace cli
