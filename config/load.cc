#include "config/load.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "config/forms.h"
#include "config/section_impl.h"

namespace config {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostBytes = 1u << 20;
constexpr std::size_t kMostSocketPath = 107;

std::string join(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
  return list;
}

class Loader {
 public:
  Loader(toml::table root, std::filesystem::path file, Faults& faults)
      : root_(std::make_shared<const toml::table>(std::move(root))),
        file_(std::move(file)),
        faults_(faults) {}

  Config load() {
    config_.file = file_;
    check_top_level();
    read_daemon();
    read_site_and_content();
    for_each("channels", [this](const std::string& key, std::unique_ptr<Section> section) {
      read_channel(key, std::move(section));
    });
    for_each("series", [this](const std::string& key, std::unique_ptr<Section> section) {
      read_series(key, *section);
    });
    check_order();
    // Without a kind nobody can read the rest of it.
    for (auto& [key, channel] : config_.channels) {
      if (channel.kind.empty()) channel.section.reset();
    }
    return std::move(config_);
  }

 private:
  // `node` may be null: a section that is not there has nothing but defaults.
  std::unique_ptr<Section> section(const std::string& name, const toml::node* node) {
    auto impl = std::make_unique<Section::Impl>();
    impl->name = name;
    impl->file = file_;
    impl->own = node != nullptr ? position_of(node->source(), file_) : Position{file_.string(), 0, 0};
    impl->faults = faults_;
    impl->document = root_;
    impl->table = node != nullptr ? node->as_table() : nullptr;
    impl->broken = node != nullptr && impl->table == nullptr;
    if (impl->broken) faults_.add(impl->own, name + " is not a table", "write [" + name + ']');
    return std::make_unique<Section>(std::move(impl));
  }

  std::unique_ptr<Section> top(const std::string& name) { return section(name, root_->get(name)); }

  template <class Read>
  void for_each(const std::string& name, Read read) {
    const toml::node* node = root_->get(name);
    if (node == nullptr) return;
    if (!node->is_table()) {
      faults_.add(position_of(node->source(), file_), name + " is not a table", "write [" + name + ".NAME]");
      return;
    }
    for (const auto& [key, each] : *node->as_table()) {
      const std::string named(key.str());
      if (!is_key(named)) {
        faults_.add(position_of(key.source(), file_), '"' + named + "\" is no name for " + name,
                    "use lower-case letters, digits and hyphens");
      }
      read(named, section(name + '.' + named, &each));
    }
  }

  void check_top_level() {
    const std::vector<std::string> known = {"daemon", "log",      "site",      "content",
                                            "series", "channels", "rehearsal", "templates"};
    for (const auto& [key, node] : *root_) {
      const std::string named(key.str());
      if (std::find(known.begin(), known.end(), named) != known.end()) continue;
      const std::string near = nearest(named, known);
      faults_.add(position_of(key.source(), file_), "unknown section [" + named + ']',
                  near.empty() ? "the sections are " + join(known) : "did you mean [" + near + "]?");
    }
  }

  void read_daemon() {
    const auto daemon = top("daemon");
    config_.daemon.state = daemon->path("state", config_.daemon.state);
    config_.daemon.content = daemon->path("content", config_.daemon.content);
    config_.daemon.control = daemon->path("control", config_.daemon.control);
    if (config_.daemon.control.string().size() > kMostSocketPath) {
      daemon->fault("control", "is longer than the 107 bytes that a socket's path may have",
                    "use a shorter path");
    }
    daemon->finish();

    const auto log = top("log");
    config_.log.level = log->choice("level", {"trace", "debug", "info", "warning", "error"}, "info");
    config_.log.format = log->choice("format", {"auto", "text", "journal"}, "auto");
    log->finish();

    const auto overlay = top("templates");
    config_.templates = overlay->path("folder", {});
    config_.templates_position = overlay->position("folder");
    overlay->finish();

    if (root_->get("rehearsal") == nullptr) return;
    const auto rehearsal = top("rehearsal");
    config_.rehearsal.emplace();
    config_.rehearsal->to = rehearsal->text("to");
    if (!config_.rehearsal->to.empty() && !is_mail_address(config_.rehearsal->to)) {
      rehearsal->fault("to", "is no mail address: \"" + config_.rehearsal->to + '"',
                       "write it as \"me@example.org\"");
    }
    config_.rehearsal->folder = rehearsal->path("folder", config_.daemon.state / "rehearsal");
    rehearsal->finish();
  }

  void read_site_and_content() {
    const auto site = top("site");
    config_.site.title = site->text("title", "");
    config_.site.url = site->text("url", "");
    config_.site.author = site->text("author", "");
    config_.site.brand = site->text("brand", "");
    config_.site.colour = site->text("colour", config_.site.colour);
    config_.site.language = site->text("language", config_.site.language);
    if (!is_colour(config_.site.colour)) {
      site->fault("colour", "is \"" + config_.site.colour + '"', "write it as \"#1f5fbf\"");
    }
    if (!is_language(config_.site.language)) {
      site->fault("language", "is \"" + config_.site.language + '"', "write it as \"en\" or \"pt-BR\"");
    }
    if (!config_.site.url.empty() && !is_web_address(config_.site.url)) {
      site->fault("url", "is \"" + config_.site.url + '"', "write it as \"https://example.org\"");
    }
    while (config_.site.url.ends_with('/')) config_.site.url.pop_back();
    site->finish();

    const auto content = top("content");
    Content& values = config_.content;
    values.html = content->choice("html", {"sanitise", "strip"}, values.html);
    values.max_draft = content->size("max_draft", values.max_draft);
    values.max_image = content->size("max_image", values.max_image);
    values.settle = content->duration("settle", values.settle);
    values.allowed_owners = content->list("allowed_owners", {});
    values.allowed_owners_position = content->position("allowed_owners");
    content->finish();
  }

  void read_channel(const std::string& key, std::unique_ptr<Section> section) {
    Channel channel;
    channel.key = key;
    channel.kind = section->text("kind");
    channel.after = section->text("after", "");
    channel.delay = section->duration("delay", 0ms);
    channel.at = section->text("at", "");
    channel.enabled = section->flag("enabled", true);
    if (!channel.at.empty() && !is_hour(channel.at)) {
      section->fault("at", "is no time of day: \"" + channel.at + '"', "write it as \"09:30\"");
      channel.at.clear();
    }
    channel.section = std::move(section);
    config_.channels[key] = std::move(channel);
  }

  void read_series(const std::string& key, Section& section) {
    Series series;
    series.key = key;
    series.title = section.text("title", key);
    if (series.title.empty()) series.title = key;
    series.zone = section.text("zone");
    series.schedule = section.text("schedule");
    series.zone_position = section.position("zone");
    series.schedule_position = section.position("schedule");
    series.channels = section.list("channels", {});
    if (series.channels.empty())
      section.fault("channels", "names no channel", "write channels = [\"blog\", \"mail\"]");
    std::set<std::string> named;
    for (const std::string& channel : series.channels) {
      check_channel(section, "channels", channel);
      if (named.insert(channel).second) continue;
      section.fault("channels", "names the channel \"" + channel + "\" twice", "name it once");
    }
    const std::string missed = section.choice("if_missed", {"publish", "hold", "skip"}, "publish");
    series.if_missed = missed == "hold"   ? IfMissed::hold
                       : missed == "skip" ? IfMissed::skip
                                          : IfMissed::publish;
    const std::string fails = section.choice("if_blog_fails", {"wait", "send_without_link", "hold"}, "wait");
    series.if_blog_fails = fails == "hold"   ? IfBlogFails::hold
                           : fails == "wait" ? IfBlogFails::wait
                                             : IfBlogFails::send_without_link;
    series.grace = section.duration("grace", series.grace);
    series.blog_deadline = section.duration("blog_deadline", series.blog_deadline);
    series.lock_before = section.duration("lock_before", series.lock_before);
    section.finish();
    config_.series[key] = std::move(series);
  }

  void check_channel(Section& section, std::string_view key, const std::string& channel) {
    if (config_.channels.contains(channel)) return;
    std::vector<std::string> known;
    known.reserve(config_.channels.size());
    for (const auto& [name, value] : config_.channels) known.push_back(name);
    const std::string near = nearest(channel, known);
    section.fault(key, "names an unknown channel \"" + channel + '"',
                  !near.empty()   ? "did you mean \"" + near + "\"?"
                  : known.empty() ? "add [channels." + channel + ']'
                                  : "the channels are " + join(known));
  }

  void check_order() {
    for (auto& [key, channel] : config_.channels) {
      if (channel.after.empty()) continue;
      check_channel(*channel.section, "after", channel.after);
      std::set<std::string> seen;
      std::string at = channel.after;
      while (at != key && config_.channels.contains(at) && seen.insert(at).second) {
        at = config_.channels.at(at).after;
      }
      if (at != key) continue;
      channel.section->fault("after", "goes round in a circle: \"" + key + "\" would wait for itself",
                             "let one of the channels come first");
      channel.after.clear();
    }
  }

  std::shared_ptr<const toml::table> root_;
  std::filesystem::path file_;
  Faults& faults_;
  Config config_;
};

}  // namespace

Config load(const std::filesystem::path& file, Faults& faults) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  const bool failed = !in.is_open() || in.bad();  // a folder can be opened, but not read
  const std::string why = failed ? std::strerror(errno) : "larger than 1 MiB";
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (failed || text.size() > kMostBytes) {
    faults.add({file.string(), 0, 0}, "can't be read: " + why, "name the configuration with --config FILE");
    Config none;
    none.file = file;
    return none;
  }
  return load_text(text, std::filesystem::absolute(file).lexically_normal(), faults);
}

Config load_text(std::string_view text, const std::filesystem::path& file, Faults& faults) {
  try {
    return Loader(toml::parse(text, std::string_view(file.native())), file, faults).load();
  } catch (const toml::parse_error& error) {
    faults.add(position_of(error.source(), file), std::string(error.description()), "mend the TOML");
    Config none;
    none.file = file;
    return none;
  }
}

}  // namespace config
