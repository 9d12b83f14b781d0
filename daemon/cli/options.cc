#include "cli/options.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/print.h"
#include "config/load.h"

namespace cli {
namespace {

class Verbs {
 public:
  Verbs(CLI::App& app, Options& options) : app_(app), options_(options) {}

  CLI::App* add(const std::string& verb, const std::string& what, const std::string& example) {
    CLI::App* sub = app_.add_subcommand(verb, what);
    sub->footer("Example:\n  fridayctl " + example);
    sub->fallthrough();
    sub->callback([this, verb] { options_.verb = verb; });
    return sub;
  }

  CLI::App* with_item(const std::string& verb, const std::string& name, const std::string& meaning,
                      const std::string& what, const std::string& example, bool required = true) {
    CLI::App* sub = add(verb, what, example);
    CLI::Option* item = sub->add_option(name, options_.item, meaning);
    const auto not_empty = [](const std::string& text) {
      return text.empty() ? std::string("is empty") : std::string();
    };
    if (required) item->required()->check(not_empty);
    return sub;
  }

 private:
  CLI::App& app_;
  Options& options_;
};

constexpr int kMostRows = 1000000000;
// The help of the option says it in its words.
CLI::Validator in_range(int least, int most) {
  return CLI::Range(least, most).description("");
}

constexpr const char* kDraft = "d12, a slug, a file's name, a date, or next";

void add_views(Verbs& verbs, Options& options) {
  CLI::App* timeline =
      verbs.add("timeline", "What goes out next, where, and what stands in its way", "timeline --weeks 12");
  timeline->add_option("--weeks", options.weeks, "how far to look, 1 to 104 weeks")->check(in_range(1, 104));
  verbs.add("drafts", "The drafts in the folder, problems first", "drafts");
  const auto newest = [&options](CLI::App* verb) {
    verb->add_option("--limit", options.limit, "only the newest so many")->check(in_range(1, kMostRows));
  };
  newest(verbs.add("posts", "What was published, newest first", "posts --limit 10"));
  CLI::App* deliveries =
      verbs.with_item("deliveries", "id", "a delivery (v31) or a post (p7, or its slug)",
                      "The outbox, or one delivery with its receipts, sums and the mails that failed",
                      "deliveries v31 --state failed", false);
  deliveries->add_option("--state", options.state,
                         "all mails of v31 that are failed, deferred, uncertain, ...");
  deliveries->add_option("--limit", options.limit, "only the first so many rows of the list")
      ->check(in_range(1, kMostRows));
  verbs.add("channels", "The channels and whether they are well", "channels");
  newest(verbs.with_item("log", "id", "d12, p7, v31, m31/204; nothing: everything",
                         "Who did what, when: the audit trail", "log p7", false));
  verbs.add("status", "Exit 0 only when daemon, store and channels are well", "status --json");
}

void add_publishing(Verbs& verbs, Options& options) {
  CLI::App* publish =
      verbs.with_item("publish", "draft", kDraft, "Publishes a draft now, in or out of a slot",
                      "publish a-question-of-trust --slot next --wait");
  // One each, or it would take the draft that comes after it as well.
  publish->add_option("--channel", options.channels, "only to this channel (may be repeated)")
      ->allow_extra_args(false);
  publish->add_option("--slot", options.slot, "it takes this slot: next, or a date");
  publish->add_flag("--dry-run", options.dry_run, "only show what would happen");
  publish->add_flag("--wait", options.wait, "show the progress until it is out");
  publish->add_flag("--yes,-y", options.yes, "do not ask");
  CLI::App* test =
      verbs.with_item("send-test", "draft", kDraft, "Sends a draft's mail to one address, marked [Test]",
                      "send-test next --to me@example.org");
  test->add_option("--to", options.to, "the address")->required();
  test->add_option("--channel", options.channel, "the mail channel, where there are several");
}

void add_item_verbs(Verbs& verbs, Options& options) {
  constexpr const char* kItem = "a delivery (v31) or a post (p7, or its slug)";
  constexpr const char* kHeld =
      "a draft (d12, its slug or file), a delivery (v31) or a post (p7, or its slug)";
  CLI::App* hold =
      verbs.with_item("hold", "id", kHeld, "Keeps a draft from its slot, or a delivery from going out",
                      "hold a-question-of-trust --why 'ask Ola first'");
  hold->add_option("--why", options.why, "the reason, for the others");
  verbs.with_item("unhold", "id", kHeld, "Lets go what is held", "unhold a-question-of-trust");
  CLI::App* cancel = verbs.with_item("cancel", "id", kItem, "Gives a delivery up for good", "cancel v31");
  cancel->add_option("--why", options.why, "the reason, for the others");
  verbs.with_item("retry", "id", kItem, "Tries again what failed", "retry v31");
  CLI::App* settle =
      verbs.with_item("settle", "id", "a delivery (v31) or a message (m31/204)",
                      "Says what became of something uncertain", "settle m31/204 --as accepted");
  settle->add_option("--as", options.as, "accepted, failed, or resend (a message only)")
      ->required()
      ->check(CLI::IsMember({"accepted", "failed", "resend"}));
  CLI::App* skip =
      verbs.with_item("skip", "series", "the series' key", "Leaves a slot out; its draft takes the next",
                      "skip sales-leadership-friday 2026-12-25");
  skip->add_option("date", options.date, "the slot's local date")->required();
}

void add_house_verbs(Verbs& verbs, Options& options) {
  verbs.add("stop", "The brake: what has not left stays, until resume", "stop");
  verbs.add("resume", "Ends the brake and safe mode", "resume");
  verbs.add("reload", "Reads the configuration again", "reload");
  verbs.with_item("suppress", "address", "a mail address", "Never writes to an address again",
                  "suppress someone@example.org");
  verbs.with_item("backup", "file", "where to; it must not exist",
                  "A consistent copy of the store, while all runs",
                  "backup /var/lib/fridayd/friday-2026-11-27.db");
  CLI::App* site = verbs.add("site", "A channel's site", "site rebuild");
  CLI::App* rebuild = site->add_subcommand("rebuild", "Writes every page anew, byte for byte");
  rebuild->fallthrough();
  rebuild->add_option("channel", options.channel, "the channel, where there are several");
  rebuild->callback([&options] { options.verb = "site rebuild"; });
  site->require_subcommand(1);
  site->callback([] {});
}

void add_offline(Verbs& verbs, Options& options) {
  CLI::App* check = verbs.add("check", "Problems of drafts as file:line:col (offline)", "check drafts/*.md");
  check->add_option("files", options.files, "the drafts")->required();
  CLI::App* preview =
      verbs.with_item("preview", "file", "the draft", "A draft as its readers will see it (offline)",
                      "preview drafts/trust.md --format html -o trust.html");
  preview->add_option("--series", options.series, "as a post of this series");
  preview->add_option("--channel", options.channel, "as this channel shows it");
  preview->add_option("--format", options.format, "html, text or eml")
      ->check(CLI::IsMember({"html", "text", "eml"}));
  preview->add_option("-o,--output", options.output, "write to this file");
  CLI::App* next = verbs.add("next", "The next slots of a schedule, or of each series (offline)",
                             "next --schedule 'Fri 08:00' --zone America/New_York");
  next->add_option("--schedule", options.schedule, "such as 'Fri 08:00' or 'Mon,Wed,Fri 07:30'");
  next->add_option("--zone", options.zone, "an IANA time zone");
  next->add_option("--starts", options.starts, "no slot before this date");
  next->add_option("--after", options.after, "strictly after this RFC 3339 instant (default: now)");
  next->add_option("--count", options.count, "how many, 1 to 10000 (default: 5)")->check(in_range(1, 10000));
  verbs.add("doctor", "Looks at configuration, rights, channels, clock and disk: a line each", "doctor");
}

// Where a verb was expected and none of that name is known.
std::string unknown_verb(const CLI::App& app) {
  if (!app.get_subcommands().empty()) return "";
  for (const std::string& word : app.remaining()) {
    if (!word.starts_with('-')) return word;
  }
  return "";
}

std::string hint(CLI::App& app, const std::string& verb) {
  std::vector<std::string> verbs;
  for (const CLI::App* each : app.get_subcommands({})) verbs.push_back(each->get_name());
  const std::string near = config::nearest(verb, verbs);
  return near.empty() ? "; `fridayctl --help` lists them" : "; did you mean '" + near + "'?";
}

// "unknown option '--week'; did you mean '--weeks'?"
std::string superfluous(const CLI::App& app, const CLI::App& verb, const std::string& word) {
  if (!word.starts_with('-')) return "one word too many: '" + word + '\'';
  std::vector<std::string> options;
  for (const CLI::App* each : {&verb, &app}) {
    for (const CLI::Option* option : each->get_options()) {
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    }
  }
  const std::string near = word.starts_with("--") ? config::nearest(word, options) : "";
  return "unknown option '" + word + '\'' + (near.empty() ? "" : "; did you mean '" + near + "'?");
}

std::string what_is_wrong(const CLI::App& app, const CLI::App& verb, const CLI::ParseError& error) {
  if (const auto inner = verb.get_subcommands({}); &verb != &app && !inner.empty()) {
    return verb.get_name() + " is followed by " + inner.front()->get_name();
  }
  const auto rest = app.remaining(true);
  if (!rest.empty()) return superfluous(app, verb, rest.front());
  const std::string what = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) return what;
  return what.substr(0, what.find(':')) + " needs a value";
}

// Says what was wrong, and where the verb that was meant is explained.
std::string fault(const CLI::App& app, const CLI::ParseError& error) {
  std::string called = "fridayctl";
  const CLI::App* verb = &app;
  while (!verb->get_subcommands().empty()) {
    verb = verb->get_subcommands().front();
    called += ' ' + verb->get_name();
  }
  const std::string what = what_is_wrong(app, *verb, error);
  return what + (what.ends_with('?') ? " See `" : "; see `") + called + " --help`";
}

}  // namespace

Parsed parse(int argc, char** argv) {
  Options options;
  CLI::App app("Sees and steers fridayd, the weekly content scheduler.", "fridayctl");
  app.footer(
      "Without a verb: the timeline. `fridayctl VERB --help` shows an example for each.\n"
      "Exit codes: 0 done, 1 problems or not delivered, 2 uncertain, 64 usage, 69 daemon not reached,\n"
      "75 try again, 77 not permitted, 78 configuration.");
  app.set_version_flag("--version", std::string("fridayctl ") + FRIDAYD_VERSION);
  app.add_option("--config,-c", options.config, "configuration file")->envname("FRIDAYD_CONFIG");
  app.add_option("--control", options.control, "control socket, instead of the configuration's");
  app.add_flag("--json", options.json, "print the API's answer unchanged, a list's pages as one");
  app.require_subcommand(0, 1);
  Verbs verbs(app, options);
  add_views(verbs, options);
  add_publishing(verbs, options);
  add_item_verbs(verbs, options);
  add_house_verbs(verbs, options);
  add_offline(verbs, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return {std::nullopt, app.exit(success)};
  } catch (const CLI::ParseError& error) {
    if (const std::string verb = unknown_verb(app); !verb.empty()) {
      std::cerr << "fridayctl: unknown verb '" << shown(verb) << '\'' << hint(app, verb) << '\n';
      return {std::nullopt, kUsage};
    }
    std::cerr << "fridayctl: " << shown(fault(app, error)) << '\n';
    return {std::nullopt, kUsage};
  }
  options.config_named = app.get_option("--config")->count() > 0;
  return {options, kDone};
}

}  // namespace cli
