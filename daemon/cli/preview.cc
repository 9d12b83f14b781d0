// fridayctl preview: a draft as a blog or a mail would show it, in one file.
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <boost/asio/io_context.hpp>

#include "cli/draft_file.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "mailing/compose.h"
#include "publishers/blog/static_site/page.h"
#include "publishers/email/encodings.h"
#include "rendering/render.h"
#include "service/channels.h"

namespace cli {
namespace {

void write_out(const Options& options, const std::string& text) {
  if (options.output.empty()) {
    std::cout << text;
    return;
  }
  std::ofstream out(options.output, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error(options.output + ": can't be written");
}

publishers::Edition edition_of(const config::Config& config, const intake::ReadDraft& draft,
                               const config::Series& series) {
  rendering::RenderInput input;
  input.draft.path = draft.seen.path;
  input.draft.head = draft.seen.head;
  if (input.draft.head.series.empty()) input.draft.head.series = series.key;
  input.body = intake::head_of(draft.seen.bytes, draft.seen.path).body;
  input.assets = draft.seen.assets;
  input.options.raw_html = config.content.html == "sanitise";
  rendering::Identity identity;
  identity.pid = "00000000000000000000000000";
  identity.marker = identity.pid + ".1.preview";
  identity.number = 1;
  identity.published_at = std::chrono::floor<model::milliseconds>(std::chrono::system_clock::now());
  identity.published_local = model::rfc3339(identity.published_at, std::chrono::seconds(0));
  identity.zone = series.zone;
  identity.series_title = series.title;
  publishers::Edition edition = rendering::render(input, identity, config.site);
  for (publishers::Asset& asset : edition.assets) {
    asset.bytes = std::make_shared<const std::string>(draft.seen.asset_bytes.at(asset.sha256));
  }
  return edition;
}

std::string data_url(const publishers::Asset& asset) {
  return "data:" + asset.media_type + ";base64," + publishers::base64(*asset.bytes);
}

struct Shown {
  const config::Config& config;
  std::shared_ptr<service::Channels> channels;
  std::string blog;  // the channel whose page this is, or whose address the mail leads to; may be empty
  std::string mail;
  publishers::Edition edition;
};

publishers::static_site::Blog blog_of(const Shown& shown) {
  std::string url = shown.config.site.url.empty() ? "http://localhost" : shown.config.site.url;
  std::string permalink = "/{slug}/";
  if (const auto found = shown.config.channels.find(shown.blog); found != shown.config.channels.end()) {
    url = found->second.section->text("url", url);
    permalink = found->second.section->text("permalink", permalink);
  }
  return publishers::static_site::make_blog(shown.config.site, *shown.channels->theme, shown.blog, url,
                                            permalink);
}

// The page as it will be, with style and images inside.
std::string page_of(const Shown& shown) {
  publishers::static_site::Blog blog = blog_of(shown);
  blog.style_url = "data:text/css;base64," +
                   publishers::base64(std::string(shown.channels->theme->file("blog/style.css")));
  blog.asset_url = data_url;
  return publishers::static_site::render_page(shown.edition, blog);
}

// A page holds its images; a mail names them where the blog will have them.
std::string mail_of(const Shown& shown, const std::string& format) {
  const auto asset_url = format == "html" ? data_url : blog_of(shown).asset_url;
  std::map<std::string, std::string> urls;
  for (const publishers::Asset& asset : shown.edition.assets) urls[asset.sha256] = asset_url(asset);
  const auto found = shown.channels->mail.find(shown.mail);
  if (found != shown.channels->mail.end()) {
    return mailing::preview(*found->second, shown.edition, format, urls);
  }
  mailing::MailChannel mail;
  mail.theme = shown.channels->theme;
  mail.site = shown.config.site;
  mail.settings.from = *publishers::parse_mailbox("preview@localhost");
  return mailing::preview(mail, shown.edition, format, urls);
}

template <class Map>
std::string unknown(const std::string& what, const std::string& key, const Map& known) {
  std::vector<std::string> keys;
  std::string list;
  for (const auto& [name, each] : known) {
    keys.push_back(name);
    list += (list.empty() ? "" : ", ") + name;
  }
  const std::string near = config::nearest(key, keys);
  return "there is no " + what + " \"" + key + "\"; " +
         (!near.empty()  ? "did you mean \"" + near + "\"?"
          : list.empty() ? "none is configured"
                         : "there is " + list);
}

// The first of the draft's channels that there is among `open`, else the first of all.
template <class Map>
std::string first_of(const std::vector<std::string>& keys, const Map& open) {
  for (const std::string& key : keys) {
    if (open.contains(key)) return key;
  }
  return open.empty() ? "" : open.begin()->first;
}

// A fault of the command line, or "".
std::string fault_of(const Options& options, const config::Config& config,
                     const service::Channels& channels) {
  if (!options.series.empty() && !config.series.empty() && !config.series.contains(options.series)) {
    return unknown("series", options.series, config.series);
  }
  if (options.channel.empty()) return "";
  if (!config.channels.contains(options.channel)) return unknown("channel", options.channel, config.channels);
  if (options.format != "html" && channels.posts.contains(options.channel)) {
    return "the channel \"" + options.channel + "\" sends no mail; --format " + options.format +
           " is for mail channels";
  }
  if (!channels.posts.contains(options.channel) && !channels.mail.contains(options.channel)) {
    return "the channel \"" + options.channel + "\" is switched off or has faults; see `fridayctl doctor`";
  }
  return "";
}

int usage(const std::string& why) {
  std::cerr << "fridayctl: " << shown(why) << '\n';
  return kUsage;
}

}  // namespace

int preview(const Options& options) {
  if (options.json) return usage("preview writes html, text or eml; it has no --json");
  const auto config = config_for_drafts(options);
  if (!config) return kConfiguration;
  config::Faults faults;
  boost::asio::io_context idle;
  const auto channels = service::make_channels(std::make_shared<const config::Config>(*config),
                                               idle.get_executor(), nullptr, false, faults);
  if (const std::string fault = fault_of(options, *config, *channels); !fault.empty()) return usage(fault);
  const intake::ReadDraft draft = read_draft_file(*config, options.item);
  bool unusable = false;
  for (const model::Problem& problem : draft.seen.problems) {
    std::cerr << shown(problem.text()) << '\n';
    unusable = unusable || problem.blocking;
  }
  if (unusable) return kProblems;
  config::Series series;
  series.key = !options.series.empty() ? options.series : draft.seen.head.series;
  series.title = series.key;
  const auto found = config->series.find(series.key);
  if (found != config->series.end()) series = found->second;
  const std::vector<std::string>& keys =
      draft.seen.head.channels.empty() ? series.channels : draft.seen.head.channels;
  Shown sample{*config, channels, first_of(keys, channels->posts), first_of(keys, channels->mail),
               edition_of(*config, draft, series)};
  const bool page = options.format == "html" && !channels->mail.contains(options.channel);
  if (!options.channel.empty())
    (channels->mail.contains(options.channel) ? sample.mail : sample.blog) = options.channel;
  const auto blog = channels->posts.find(sample.blog);
  if (blog != channels->posts.end()) {
    sample.edition.permalink = blog->second->permalink(sample.edition.slug).value_or("");
  }
  write_out(options, page ? page_of(sample) : mail_of(sample, options.format));
  return kDone;
}

}  // namespace cli
