// fridayctl publish: shows what would happen, asks, does it, and on wish waits with the progress.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "cli/items.h"
#include "cli/plan_text.h"
#include "cli/print.h"
#include "cli/progress.h"
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
  out << plan_text(plan);
  if (!now.halted.empty()) out << painted("  " + nothing_goes_out(now.halted), Colour::warning) << '\n';
}

bool agreed(std::ostream& out) {
  out << "Publish now? [y/N] " << std::flush;
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

// Writes the line over where it goes to a terminal, else under the one before.
class Screen {
 public:
  Screen(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}
  void show(const std::string& line, bool last) {
    if (line != shown_) out_ << (terminal_ ? "\r\033[K" + line : line + '\n') << std::flush;
    shown_ = line;
    if (last && terminal_) out_ << '\n';
  }

 private:
  std::ostream& out_;
  bool terminal_;
  std::string shown_;
};

int wait_for(const Client& client, const std::string& post, bool json) {
  std::signal(SIGINT, [](int) { detached = 1; });
  std::ostream& out = json ? std::cerr : std::cout;
  const auto room = terminal_width(json ? STDERR_FILENO : STDOUT_FILENO);
  Progress progress(room);
  Screen screen(out, room.has_value());
  for (int looks = 0;; ++looks) {
    const Reply reply = client.get("/api/v1/posts/" + post);
    if (!reply.ok()) return refused(reply);
    const Progress::Look look = progress.look(reply.body, std::chrono::steady_clock::now());
    screen.show(look.line, look.over);
    if (look.over) return look.exit;
    // Each look at the status writes to the store: not at every beat.
    const Standing now = looks % kLooksBetween == 0 ? standing(client) : Standing{};
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
  if (!plan.ok()) return refused(plan);
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
  if (!done.ok()) return refused(done);
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
