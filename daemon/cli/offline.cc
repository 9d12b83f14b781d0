// The verbs that need no daemon: the same pure functions that it uses.
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "cli/print.h"
#include "cli/verbs.h"
#include "config/load.h"
#include "intake/draft_reader.h"
#include "intake/slug.h"
#include "mailing/compose.h"
#include "planning/planner.h"
#include "publishers/blog/static_site/page.h"
#include "rendering/render.h"
#include "service/channels.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostDraft = 64u << 20;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + ": can't be read");
  if (fs::file_size(path) > kMostDraft) throw std::runtime_error(path.string() + ": larger than 64 MiB");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

intake::OpenImage images_beside(const fs::path& root) {
  return [root](const std::string& name, std::uintmax_t limit) {
    intake::OpenedImage image;
    std::error_code error;
    const fs::path path = root / name;
    if (!fs::exists(path, error)) return image;
    if (!fs::is_regular_file(fs::symlink_status(path, error))) {
      return intake::OpenedImage{intake::OpenedImage::Outcome::refused, "", "is no ordinary file"};
    }
    if (fs::file_size(path, error) > limit)
      return intake::OpenedImage{intake::OpenedImage::Outcome::too_large, "", ""};
    image.outcome = intake::OpenedImage::Outcome::ok;
    image.bytes = read_file(path);
    return image;
  };
}

config::Config load_or_default(const Options& options) {
  config::Faults faults;
  std::error_code error;
  if (!fs::exists(options.config, error)) return {};
  return config::load(options.config, faults);
}

// The folder of drafts that `file` stands in; its own folder where it stands elsewhere.
fs::path drafts_folder(const config::Config& config, const fs::path& file) {
  const fs::path drafts = config.daemon.content / "drafts";
  const fs::path relative = fs::absolute(file).lexically_normal().lexically_relative(drafts);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return inside ? drafts : fs::absolute(file).lexically_normal().parent_path();
}

intake::ReadDraft read(const config::Config& config, const fs::path& file) {
  const fs::path root = drafts_folder(config, file);
  const std::string name = fs::absolute(file).lexically_normal().lexically_relative(root).string();
  intake::ReadRules rules = intake::read_rules(config);
  if (rules.series.empty()) rules.series = {"series"};
  return intake::read_draft(name, read_file(file), rules, images_beside(root));
}

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

std::string base64(const std::string& bytes) {
  constexpr const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned value = 0;
    for (std::size_t j = 0; j < 3; ++j)
      value = value << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j > bytes.size() ? '=' : kLetters[value >> (18 - 6 * j) & 63];
  }
  return out;
}

// One file that shows the page as it will be, with style and images inside.
std::string preview_page(const publishers::Edition& edition, const config::Config& config,
                         const templates::TemplateSet& theme, const std::string& url) {
  publishers::static_site::Blog blog =
      publishers::static_site::make_blog(config.site, theme, "preview", url, "/{slug}/");
  blog.style_url = "data:text/css;base64," + base64(std::string(theme.file("blog/style.css")));
  blog.asset_url = [](const publishers::Asset& asset) {
    return "data:" + asset.media_type + ";base64," + base64(*asset.bytes);
  };
  return publishers::static_site::render_page(edition, blog);
}

}  // namespace

int check(const Options& options) {
  const config::Config config = load_or_default(options);
  int exit = kDone;
  boost::json::array all;
  for (const std::string& file : options.files) {
    const intake::ReadDraft draft = read(config, file);
    for (model::Problem problem : draft.seen.problems) {
      problem.file = file;
      if (problem.blocking) exit = kProblems;
      all.push_back(boost::json::object{{"file", file},
                                        {"line", problem.line},
                                        {"column", problem.column},
                                        {"what", problem.what},
                                        {"todo", problem.todo},
                                        {"blocking", problem.blocking}});
      if (!options.json) std::cout << problem.text() << (problem.blocking ? "" : " (a warning)") << '\n';
    }
    if (draft.seen.state != model::DraftState::waiting) continue;
    exit = kProblems;
    if (!options.json) std::cout << file << ": waits: " << draft.seen.why << '\n';
  }
  if (options.json) std::cout << boost::json::serialize(boost::json::object{{"items", all}}) << '\n';
  return exit;
}

int preview(const Options& options) {
  const config::Config config = load_or_default(options);
  const intake::ReadDraft draft = read(config, options.item);
  bool unusable = false;
  for (const model::Problem& problem : draft.seen.problems) {
    std::cerr << problem.text() << '\n';
    unusable = unusable || problem.blocking;
  }
  if (unusable) return kProblems;
  config::Series series;
  series.key = !options.series.empty() ? options.series : draft.seen.head.series;
  series.title = series.key;
  if (const auto found = config.series.find(series.key); found != config.series.end()) series = found->second;
  const publishers::Edition edition = edition_of(config, draft, series);
  const templates::TemplateSet theme(config.templates);
  const std::string url = config.site.url.empty() ? "http://localhost" : config.site.url;
  if (options.format == "html" && options.channel.empty()) {
    write_out(options, preview_page(edition, config, theme, url));
    return kDone;
  }
  config::Faults faults;
  boost::asio::io_context idle;
  const auto channels = service::make_channels(std::make_shared<const config::Config>(config),
                                               idle.get_executor(), nullptr, false, faults);
  if (options.format == "html" && channels->posts.contains(options.channel)) {
    write_out(options, preview_page(edition, config, theme, url));
    return kDone;
  }
  auto mail = std::make_shared<mailing::MailChannel>();
  mail->theme = channels->theme;
  mail->site = config.site;
  mail->series_titles[series.key] = series.title;
  mail->settings.from = *publishers::parse_mailbox("preview@localhost");
  for (const auto& [key, each] : channels->mail) {
    if (options.channel.empty() || options.channel == key) mail = each;
  }
  write_out(options, mailing::preview(*mail, edition, options.format));
  return kDone;
}

int next(const Options& options) {
  planning::TimeZones zones;
  model::Instant after = std::chrono::floor<model::milliseconds>(std::chrono::system_clock::now());
  if (!options.after.empty()) {
    const auto given = model::parse_rfc3339(options.after);
    if (!given) {
      std::cerr << "fridayctl: --after is no instant: \"" << options.after
                << "\"; write 2026-11-27T13:00:00Z\n";
      return kUsage;
    }
    after = *given;
  }
  std::optional<model::LocalDate> starts;
  if (!options.starts.empty()) {
    starts = model::parse_date(options.starts);
    if (!starts) {
      std::cerr << "fridayctl: --starts is no date: \"" << options.starts << "\"; write 2026-11-27\n";
      return kUsage;
    }
  }
  std::map<std::string, planning::SeriesPlan> series;
  config::Config config;
  config::Faults faults;
  if (options.schedule.empty()) {
    config = config::load(options.config, faults);
    series = planning::resolve_series(config, zones, faults);
    if (series.empty()) {
      std::cerr << faults.text()
                << "fridayctl: no series is configured; or say --schedule 'Fri 08:00' --zone ZONE\n";
      return kConfiguration;
    }
  } else {
    std::string why;
    const auto schedule = planning::Schedule::parse(options.schedule, why);
    const planning::Zone zone = zones.find(options.zone);
    if (!schedule) std::cerr << "fridayctl: --schedule: " << why << '\n';
    if (!zone) {
      std::cerr << "fridayctl: --zone: "
                << (options.zone.empty() ? "is missing" : '"' + options.zone + "\" is no IANA time zone")
                << "; write one such as America/New_York\n";
    }
    if (!schedule || !zone) return kUsage;
    series[""] = {nullptr, zone, *schedule};
  }
  for (const auto& [key, plan] : series) {
    if (series.size() > 1) std::cout << key << ":\n";
    for (const auto instant : planning::next_instants(plan.schedule, *plan.zone, after,
                                                      static_cast<std::size_t>(options.count), starts)) {
      std::cout << model::rfc3339(model::Instant(instant)) << '\t'
                << planning::rfc3339_in(*plan.zone, instant) << '\n';
    }
  }
  return kDone;
}

}  // namespace cli
