#include "service/channels.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "config/load.h"

namespace service {
namespace {

class StoreShelf final : public publishers::Shelf {
 public:
  StoreShelf(std::string channel, StoreOf store) : channel_(std::move(channel)), store_(std::move(store)) {}

  std::vector<publishers::Edition> editions(std::size_t limit) override {
    return store().read([&](store::Store& store) { return store.confirmed_editions(channel_, limit); });
  }

  std::string asset(const std::string& sha256) override {
    return store().read([&](store::Store& store) { return store.blob(sha256); });
  }

 private:
  store::StoreThread& store() {
    store::StoreThread* const store = store_ ? store_() : nullptr;
    if (store == nullptr) throw std::runtime_error("the store is not open");
    return *store;
  }

  std::string channel_;
  StoreOf store_;
};

bool stays_here(const publishers::Kind& kind, config::Section& section) {
  if (kind.loopback_only_clock) return true;
  const std::string host = section.text("host", "");
  if (host == "localhost") return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class Builder {
 public:
  Builder(std::shared_ptr<Channels> channels, boost::asio::any_io_executor executor, StoreOf store,
          bool virtual_clock)
      : channels_(std::move(channels)),
        executor_(std::move(executor)),
        store_(std::move(store)),
        virtual_clock_(virtual_clock) {}

  void add(const config::Channel& channel) {
    config::Section& section = *channel.section;
    const publishers::Kind* kind = publishers::find_kind(channel.kind);
    if (kind == nullptr) return unknown_kind(channel);
    if (virtual_clock_ && !stays_here(*kind, section)) {
      section.fault("kind", "leaves this machine, which --clock does not allow",
                    "use static_site, maildir or a host on loopback");
    }
    if (kind->mail != nullptr) {
      add_mail(channel, *kind);
    } else {
      add_post(channel, *kind);
    }
    section.finish();
  }

 private:
  void unknown_kind(const config::Channel& channel) {
    std::vector<std::string> known;
    for (const publishers::Kind& kind : publishers::kinds()) known.emplace_back(kind.name);
    const std::string near = config::nearest(channel.kind, known);
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
    channel.section->fault("kind", "is none that fridayd knows: \"" + channel.kind + '"',
                           near.empty() ? "use one of " + list : "did you mean \"" + near + "\"?");
  }

  void add_post(const config::Channel& channel, const publishers::Kind& kind) {
    auto shelf = std::make_shared<StoreShelf>(channel.key, store_);
    const publishers::Surroundings surroundings{channels_->config->site, *channels_->theme, *shelf};
    std::unique_ptr<publishers::PostPublisher> publisher = kind.post(*channel.section, surroundings);
    if (channels_->config->rehearsal) publisher = rehearsal_publisher(channel, surroundings);
    if (!publisher || !channel.enabled) return;
    // An attempt may outlive a reload: its publisher keeps alive what it was made with.
    channels_->posts[channel.key] = std::shared_ptr<publishers::PostPublisher>(
        publisher.release(), [config = channels_->config, theme = channels_->theme,
                              shelf](publishers::PostPublisher* last) { delete last; });
  }

  // In a rehearsal every blog is a folder.
  std::unique_ptr<publishers::PostPublisher> rehearsal_publisher(
      const config::Channel& channel, const publishers::Surroundings& surroundings) {
    const std::filesystem::path root = channels_->config->rehearsal->folder / channel.key;
    const std::string url = channel.section->text("url", "");
    const std::string text =
        "[channels." + channel.key +
        "]\nkind = \"static_site\"\nlive_check = \"file\"\nroot = " + in_quotes(root.string()) +
        "\nurl = " + in_quotes(url.empty() ? "http://localhost" : url) +
        "\npermalink = " + in_quotes(channel.section->text("permalink", "/{slug}/")) + '\n';
    config::Faults ignored;
    rehearsals_.push_back(config::load_text(text, channels_->config->file, ignored));
    const auto made = rehearsals_.back().channels.find(channel.key);
    if (made == rehearsals_.back().channels.end()) return nullptr;
    return publishers::find_kind("static_site")->post(*made->second.section, surroundings);
  }

  void add_mail(const config::Channel& channel, const publishers::Kind& kind) {
    auto mail = std::make_shared<mailing::MailChannel>();
    mail->key = channel.key;
    mail->executor = executor_;
    mail->transport = kind.mail(*channel.section, executor_);
    mail->settings = publishers::read_mail_settings(*channel.section);
    mail->theme = channels_->theme;
    mail->site = channels_->config->site;
    if (channels_->config->rehearsal) mail->rehearsal_to = channels_->config->rehearsal->to;
    if (mail->transport && channel.enabled) channels_->mail[channel.key] = std::move(mail);
  }

  std::shared_ptr<Channels> channels_;
  boost::asio::any_io_executor executor_;
  StoreOf store_;
  bool virtual_clock_;
  std::vector<config::Config> rehearsals_;
};

void add_theme_fault(const templates::TemplateError& fault, config::Faults& faults) {
  const std::string place =
      fault.file() + ':' + std::to_string(fault.line()) + ':' + std::to_string(fault.column()) + ": ";
  std::string what = fault.what();
  if (what.starts_with(place)) what.erase(0, place.size());
  faults.add({fault.file(), fault.line(), fault.column()}, what, "mend the template");
}

}  // namespace

std::map<std::string, rendering::ChannelFacts> Channels::facts() const {
  std::map<std::string, rendering::ChannelFacts> facts;
  for (const auto& [key, publisher] : posts) {
    facts[key] = {false, [publisher](const std::string& slug) { return publisher->permalink(slug); }};
  }
  for (const auto& [key, channel] : mail) facts[key] = {true, nullptr};
  return facts;
}

std::shared_ptr<Channels> make_channels(std::shared_ptr<const config::Config> config,
                                        boost::asio::any_io_executor executor, StoreOf store,
                                        bool virtual_clock, config::Faults& faults) {
  auto channels = std::make_shared<Channels>();
  channels->config = config;
  try {
    channels->theme = std::make_shared<templates::TemplateSet>(config->templates);
  } catch (const templates::TemplateError&) {
    std::error_code error;
    const bool there = std::filesystem::is_directory(config->templates, error);
    if (!there) {
      faults.add(config->templates_position,
                 "[templates] folder " + config->templates.string() + " is not there",
                 "make it, or take the line out: the theme that is built in needs no folder");
    }
    for (const templates::TemplateError& fault : templates::theme_faults(config->templates)) {
      if (there) add_theme_fault(fault, faults);
    }
    channels->theme = std::make_shared<templates::TemplateSet>(std::filesystem::path());
  }
  Builder builder(channels, std::move(executor), std::move(store), virtual_clock);
  for (const auto& [key, channel] : config->channels) {
    if (channel.section) builder.add(channel);
  }
  return channels;
}

}  // namespace service
