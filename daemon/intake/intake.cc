#include "intake/intake.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "intake/file_names.h"
#include "intake/intake_parts.h"
#include "intake/text.h"
#include "runtime/log.h"

namespace intake {
namespace {

constexpr std::chrono::seconds kScanEvery{60};
// Between two scans that events asked for.
constexpr std::chrono::seconds kScanGap{1};
constexpr std::size_t kPage = 500;
constexpr std::chrono::seconds kLoadAgain{10};
constexpr std::size_t kMostImagesLookedFor = 10000;
// Another number has every draft read again: for a version that reads differently.
constexpr int kReaderVersion = 2;
constexpr const char* kRulesSetting = "intake.rules";

std::string rules_text(const ReadRules& rules) {
  return std::to_string(kReaderVersion) + ' ' + std::to_string(rules.max_draft) + ' ' +
         std::to_string(rules.max_image) + (rules.raw_html ? " html" : " strip") + " series " +
         joined(rules.series, ",") + " channels " + joined(rules.channels, ",");
}

}  // namespace

Intake::Intake(boost::asio::any_io_executor house, const config::Config& config, store::StoreThread& store,
               const model::Clock& clock, std::function<void()> changed)
    : Intake(house, boost::asio::any_io_executor(), runtime::make_steady_ticker(house), config, store, clock,
             std::move(changed)) {
  pool_ = std::make_unique<boost::asio::thread_pool>(1);
  worker_ = pool_->get_executor();
}

Intake::Intake(boost::asio::any_io_executor house, boost::asio::any_io_executor worker,
               std::unique_ptr<runtime::Ticker> ticker, const config::Config& config,
               store::StoreThread& store, const model::Clock& clock, std::function<void()> changed)
    : house_(std::move(house)),
      worker_(std::move(worker)),
      ticker_(std::move(ticker)),
      store_(store),
      clock_(clock),
      changed_(std::move(changed)),
      folder_(std::make_shared<const Folder>(config.daemon.content, config.content.allowed_owners)),
      rules_(std::make_shared<const ReadRules>(read_rules(config))),
      settle_(config.content.settle),
      settling_(config.content.settle) {
  watch_ = std::make_unique<Watch>(
      house_, config.daemon.content / "drafts",
      Watch::Events{[this](const std::string& path, Watch::Kind kind) { hint(path, kind); },
                    [this] { rescan(); }});
}

Intake::~Intake() {
  stop();
}

void Intake::stop() {
  if (std::exchange(stopped_, true)) return;
  alive_.reset();
  watch_->stop();
  ticker_->cancel();
  if (pool_) {
    pool_->stop();
    pool_->join();
  }
}

void Intake::start(bool make_folders) {
  on_worker([folder = folder_, make_folders] { return make_folders ? folder->prepare() : std::string(); },
            [this](std::string error) {
              if (!error.empty()) spdlog::error("intake: {}", error);
              trouble_ = std::move(error);
              load({});
            });
}

void Intake::load(model::DraftId after) {
  const std::weak_ptr<bool> alive = alive_;
  store_.write(
      [after](store::Store& store) {
        Loaded loaded;
        loaded.page = store.drafts(false, after, kPage);
        if (after) return loaded;
        loaded.files = store.known_files();
        loaded.rules = store.setting(kRulesSetting).value_or("");
        return loaded;
      },
      [this, alive](store::Result<Loaded> result) {
        if (alive.expired()) return;
        if (result) return loaded(std::move(*result));
        load_later(result.error());
      });
}

void Intake::load_later(const store::StoreError& error) {
  if (error.kind == store::Failure::closed || error.kind == store::Failure::io) return;
  trouble_ = "no draft is taken yet, for the store can't be read: " + error.what;
  spdlog::error("intake: {}; next try in 10 s", trouble_);
  changed_();
  ticker_->set(ticker_->now() + kLoadAgain, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired() && !stopped_) load({});
  });
}

void Intake::loaded(Loaded loaded) {
  for (const store::KnownFile& file : loaded.files) {
    known_[file.path] = {file.id, file.signature, file.sha256, file.attempts};
  }
  // Drafts that were read by other rules; the files come with the first page only.
  if (loaded.rules != rules_text(*rules_)) {
    for (const store::KnownFile& file : loaded.files) again_.insert(file.path);
  }
  for (const model::Draft& draft : loaded.page) {
    if (draft.state == model::DraftState::published) continue;
    if (!draft.head.slug.empty()) slugs_.take(draft.head.slug, draft.path);
    if (draft.state != model::DraftState::problem) continue;
    found_problems_[draft.path] = draft.problems;
    show_problems(draft.path);
    again_.insert(draft.path);  // the images that it misses may be there by now
  }
  if (loaded.page.size() == kPage) return load(loaded.page.back().id);
  rules_to_note_ = rules_text(*rules_);
  begin();
}

void Intake::begin() {
  ready_ = true;
  const Watch::Followed followed = watch_->follow({});
  if (!followed.error.empty()) spdlog::warn("{}; drafts are found by the scan every minute", followed.error);
  rescan();
}

void Intake::reconfigure(const config::Config& config) {
  folder_ = std::make_shared<const Folder>(folder_->content(), config.content.allowed_owners);
  settle_ = config.content.settle;
  settling_.set_quiet(settle_);
  ReadRules rules = read_rules(config);
  if (rules != *rules_) {
    rules_ = std::make_shared<const ReadRules>(std::move(rules));
    rules_to_note_ = rules_text(*rules_);
    for (const auto& [path, known] : known_) again_.insert(path);
  }
  rescan();
}

// --- hints and scans ---

void Intake::hint(const std::string& path, Watch::Kind kind) {
  if (stopped_ || first_bad_utf8(path)) return;
  const std::string_view name = last_name(path);
  if (!draft_name(name)) {
    if (!ignored_name(name)) image_changed(path);
    return;
  }
  hints_[path] = kind;
  look();
}

void Intake::image_changed(const std::string& path) {
  std::set<std::string> drafts;
  const auto [first, last] = drafts_of_image_.equal_range(path);
  for (auto entry = first; entry != last; ++entry) drafts.insert(entry->second);
  read_again(drafts);
}

void Intake::read_again(const std::set<std::string>& paths) {
  for (const std::string& path : paths) {
    again_.insert(path);
    hints_.emplace(path, Watch::Kind::written);
  }
  look();
}

// What was hinted at while a look is under way is looked at together afterwards.
void Intake::look() {
  if (looking_ || hints_.empty() || !ready_) return;
  looking_ = true;
  using Looked = std::vector<std::pair<std::pair<std::string, Watch::Kind>, FileRead>>;
  on_worker(
      [folder = folder_, hints = std::exchange(hints_, {})] {
        Looked all;
        for (const auto& hint : hints) all.emplace_back(hint, folder->look(hint.first));
        return all;
      },
      [this](const Looked& all) {
        looking_ = false;
        for (const auto& [hint, file] : all) looked(hint.first, hint.second, file);
        look();
        pump();
      });
}

void Intake::looked(const std::string& path, Watch::Kind kind, const FileRead& file) {
  if (being_filed_.contains(path)) return;
  switch (file.outcome) {
    case FileRead::Outcome::ok:
    case FileRead::Outcome::empty:
      return present(path, file.signature, kind == Watch::Kind::arrived);
    case FileRead::Outcome::missing:
      return missing(path, kind == Watch::Kind::deleted);
    case FileRead::Outcome::refused:
      missing(path, true);
      return rescan();  // names it
    default:
      return;
  }
}

void Intake::present(const std::string& path, const store::FileSignature& signature, bool complete) {
  if (batch_ && batch_->paths.contains(path)) return;
  const auto known = known_.find(path);
  if (known != known_.end() && known->second.draft) {
    orphans_.erase(path);
    if (known->second.signature == signature && !again_.contains(path)) return settling_.forget(path);
  }
  if (complete) {
    settling_.complete(path, signature, ticker_->now(), clock_.now());
  } else {
    settling_.seen(path, signature, ticker_->now(), clock_.now());
  }
}

void Intake::missing(const std::string& path, bool deleted) {
  settling_.forget(path);
  again_.erase(path);
  const auto known = known_.find(path);
  if (known == known_.end()) return;
  if (!known->second.draft) {
    known_.erase(known);
    return;
  }
  if (orphans_.find(path) != nullptr) return;
  orphans_.add({known->second.draft, path, known->second.sha256, known->second.signature.inode, deleted,
                ticker_->now(), false});
}

void Intake::rescan() {
  scan_wanted_ = true;
  if (ready_ && !scanning_ && !stopped_) tick();
}

void Intake::start_scan() {
  scanning_ = true;
  scan_wanted_ = false;
  std::vector<std::string> images;
  for (const auto& [path, problems] : found_problems_) {
    const auto wanted = images_of_draft_.find(path);
    if (wanted == images_of_draft_.end() || images.size() > kMostImagesLookedFor) continue;
    images.insert(images.end(), wanted->second.begin(), wanted->second.end());
  }
  using Found = std::pair<Scan, std::vector<std::string>>;
  on_worker(
      [folder = folder_, images = std::move(images)]() mutable {
        std::erase_if(images, [&](const std::string& path) { return !folder->exists(path); });
        return Found{folder->scan(), std::move(images)};
      },
      [this](Found found) {
        scanning_ = false;
        scanned(std::move(found.first), found.second);
      });
}

void Intake::scanned(Scan scan, const std::vector<std::string>& found_images) {
  last_scan_ = ticker_->now();
  next_scan_ = last_scan_ + kScanEvery;
  if (scan.error != trouble_ && !scan.error.empty()) spdlog::error("intake: {}", scan.error);
  trouble_ = scan.error;
  std::unordered_map<std::string_view, bool> there;
  for (const FoundFile& file : scan.drafts) {
    there.emplace(file.path, true);
    if (!being_filed_.contains(file.path)) present(file.path, file.signature, false);
  }
  if (scan.complete) {
    std::vector<std::string> away;
    for (const auto& [path, known] : known_) {
      if (!there.contains(path) && !being_filed_.contains(path)) away.push_back(path);
    }
    for (const auto& [path, since] : settling_.list(settling_.size())) {
      if (!there.contains(path)) away.push_back(path);
    }
    for (const std::string& path : away) missing(path, false);
    board_.saw(scan.problem_files);
    std::erase_if(unreadable_, [&](const auto& entry) { return !there.contains(entry.first); });
  }
  refused_ = std::move(scan.refused);
  for (const auto& [path, refusal] : unreadable_) refused_.push_back(refusal);
  if (watch_->follow(scan.folders).more) scan_wanted_ = true;
  for (const std::string& path : found_images) image_changed(path);
  scanned_ = true;
  flush_board();
  changed_();
  tick();
}

// --- time ---

void Intake::tick() {
  if (stopped_ || !ready_) return;
  const Tick now = ticker_->now();
  const bool scan_due = now >= next_scan_ || (scan_wanted_ && (!scanned_ || now >= last_scan_ + kScanGap));
  if (scan_due && !scanning_) start_scan();
  bury();
  pump();
  arm();
}

void Intake::arm() {
  if (stopped_ || !ready_) return;
  Tick due = next_scan_;
  if (scan_wanted_) due = std::min(due, last_scan_ + kScanGap);
  if (scanning_) due = ticker_->now() + kScanEvery;
  const auto settled = settling_.next_due();
  if (settled && !batch_) due = std::min(due, std::max(*settled, retry_at_));
  if (const auto overdue = orphans_.next_overdue(settle_)) due = std::min(due, std::max(*overdue, retry_at_));
  ticker_->set(due, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) tick();
  });
}

// --- by which rules the drafts were read ---

void Intake::note_rules() {
  if (rules_to_note_.empty() || !again_.empty()) return;
  store_.write([rules = std::exchange(rules_to_note_, {})](
                   store::Store& store) { store.set_setting(kRulesSetting, rules); },
               [](const store::Result<void>&) {});
}

}  // namespace intake
