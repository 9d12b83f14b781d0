#include "service/filing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "intake/published_file.h"
#include "intake/status_page.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"
#include "service/rehearsal.h"
#include "service/stuck.h"

namespace service {
namespace {

using namespace std::chrono_literals;

constexpr auto kQuiet = 200ms;
constexpr auto kRetry = 10s;
constexpr std::size_t kMostListed = 500;
constexpr std::size_t kMostStuck = 50;

constexpr std::array<const char*, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
constexpr std::array<const char*, 12> kMonths = {"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};

// "Friday, 27 November 2026, 08:00 (America/New_York)"
std::string for_people(const model::Occurrence& occurrence, const std::string& zone) {
  const std::chrono::weekday day{std::chrono::sys_days(occurrence.date)};
  return std::string(kDays[day.c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(occurrence.date.day())) + ' ' +
         kMonths[static_cast<unsigned>(occurrence.date.month()) - 1] + ' ' +
         std::to_string(static_cast<int>(occurrence.date.year())) + ", " + model::hh_mm(occurrence.time) +
         " (" + zone + ')';
}

// Of files that may have been left: those whose post is over.
struct Left {
  model::Draft draft;
  model::Post post;
};
std::vector<Left> left_of(store::Store& store, const std::vector<model::DraftId>& taken) {
  std::vector<model::Draft> drafts = store.called_off(kMostListed);
  for (const model::DraftId id : taken) {
    if (auto draft = store.draft(id)) drafts.push_back(std::move(*draft));
  }
  std::vector<Left> left;
  std::set<model::DraftId> known;
  for (model::Draft& draft : drafts) {
    const auto post = store.post(draft.post);
    if (!post || !known.insert(draft.id).second) continue;
    const bool over = post->state == model::PostState::cancelled ||
                      post->state == model::PostState::published || post->state == model::PostState::partial;
    if (over) left.push_back({std::move(draft), *post});
  }
  return left;
}

std::vector<admin::LeftFile> files_of(const std::vector<Left>& left, const intake::Intake& intake) {
  std::vector<admin::LeftFile> files;
  for (const Left& each : left) {
    if (intake.has_file(each.draft)) files.push_back(left_file(each.draft, each.post));
  }
  return files;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

struct Filing::Item {
  model::Post post;
  model::Draft draft;
  store::DraftText text;
  std::vector<std::pair<std::string, std::string>> images;
};

struct Filing::Seen {
  store::Some<model::Draft> unusable;
  store::Some<store::Stuck> stuck;
  std::vector<Left> left;
};

Filing::Filing(const boost::asio::any_io_executor& house, store::StoreThread& store, intake::Intake& intake,
               Sources sources)
    : store_(store),
      intake_(intake),
      sources_(std::move(sources)),
      status_timer_(house),
      retry_timer_(house) {}

void Filing::configure(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  nudge();
  timeline_changed();
}

void Filing::stop() {
  stopped_ = true;
  status_timer_.cancel();
  retry_timer_.cancel();
}

std::vector<admin::SettlingFile> Filing::settling() const {
  std::vector<admin::SettlingFile> files;
  for (const auto& [path, since] : intake_.settling()) files.push_back({path, model::rfc3339(since)});
  return files;
}

void Filing::left(std::function<void(std::vector<admin::LeftFile>)> then) {
  store_.write([taken = intake_.taken()](store::Store& store) { return left_of(store, taken); },
               [this, then = std::move(then)](const store::Result<std::vector<Left>>& left) {
                 then(left && !stopped_ ? files_of(*left, intake_) : std::vector<admin::LeftFile>());
               });
}

void Filing::nudge() {
  if (stopped_) return;
  timeline_changed();
  if (filing_) {
    again_ = true;
    return;
  }
  load();
}

void Filing::load() {
  filing_ = true;
  again_ = false;
  store_.write(
      [failed = failed_](store::Store& store) -> std::optional<Item> {
        const auto posts = store.posts_to_file(failed.size() + 1);
        const auto next = std::find_if(posts.begin(), posts.end(),
                                       [&](const model::Post& post) { return !failed.contains(post.id); });
        if (next == posts.end()) return std::nullopt;
        Item item;
        item.post = *next;
        item.draft = *store.draft(item.post.draft);
        item.text = store.draft_text(item.post.draft, item.post.draft_revision);
        for (const store::StoredAsset& asset : item.text.assets) {
          item.images.emplace_back(asset.name, store.blob(asset.sha256));
        }
        return item;
      },
      [this](store::Result<std::optional<Item>> item) {
        if (stopped_) return;
        if (item && *item) return file(**item);
        filing_ = false;
        if (!item) {
          spdlog::error("filing: {}", item.error().what);
          return try_again_later();
        }
        if (again_) load();
      });
}

void Filing::file(const Item& item) {
  runtime::crash_point("filing");
  // The day that page, mail and feed bear: of a post that took a later slot by hand not that of the slot.
  const auto series = config_->series.find(item.post.series);
  const std::string zone = series == config_->series.end() ? "UTC" : series->second.zone;
  const std::string day = sources_.local_text(zone, item.post.due_at).substr(0, 10);
  const model::LocalDate date = model::parse_date(day).value_or(model::LocalDate{});
  intake::PutAway away;
  away.draft_path = item.draft.path;
  away.draft_sha256 = item.draft.sha256;
  away.bytes = intake::with_publication(item.text.bytes, item.post.permalink, date);
  away.stem = intake::published_stem(date, item.post.slug);
  away.images = item.images;
  intake_.put_away(std::move(away), [this, post = item.post.id](const intake::Folder::Filed& result) {
    if (!stopped_) filed(post, result);
  });
}

void Filing::filed(model::PostId post, const intake::Folder::Filed& result) {
  if (!result.note.empty()) spdlog::warn("post {}: {}", post.text(), result.note);
  if (result.path.empty()) return not_filed(post, result.error);
  runtime::crash_point("filed");
  store_.write([post, path = result.path](store::Store& store) { store.post_filed(post, path); },
               [this, post, path = result.path](const store::Result<void>& stored) {
                 if (stopped_) return;
                 if (!stored) return not_filed(post, stored.error().what);
                 spdlog::info("post {} is put away as published/{}", post.text(), path);
                 trouble_.clear();
                 load();
               });
}

void Filing::not_filed(model::PostId post, const std::string& why) {
  if (std::exchange(trouble_, why) != why) {
    spdlog::error("post {}: its file can't be moved to published/: {}; trying again", post.text(), why);
  }
  failed_.insert(post);
  try_again_later();
  load();
}

void Filing::try_again_later() {
  if (retry_timer_.expiry() > std::chrono::steady_clock::now()) return;
  retry_timer_.expires_after(kRetry);
  retry_timer_.async_wait([this](boost::system::error_code error) {
    if (error || stopped_) return;
    failed_.clear();
    nudge();
  });
}

void Filing::timeline_changed() {
  if (stopped_ || status_wanted_ || !config_) return;
  status_wanted_ = true;
  status_timer_.expires_after(kQuiet);
  status_timer_.async_wait([this](boost::system::error_code error) {
    if (error || stopped_) return;
    status_wanted_ = false;
    write_status();
  });
}

void Filing::write_status() {
  store_.write(
      [taken = intake_.taken()](store::Store& store) {
        return Seen{store.unusable_drafts(kMostListed), store.stuck_deliveries(kMostStuck),
                    left_of(store, taken)};
      },
      [this](const store::Result<Seen>& seen) {
        if (!seen || stopped_) return;
        tell(seen->stuck.items);
        show_status(*seen);
      });
}

// Once each time that it gets stuck.
void Filing::tell(const std::vector<store::Stuck>& stuck) {
  std::map<model::DeliveryId, model::Instant> told;
  for (const store::Stuck& each : stuck) {
    const model::Delivery& delivery = each.delivery;
    told[delivery.id] = delivery.changed_at;
    const auto before = told_.find(delivery.id);
    if (before != told_.end() && before->second == delivery.changed_at) continue;
    const runtime::LogFields fields(each.draft.text(), delivery.post.text(), delivery.id.text(),
                                    delivery.channel);
    spdlog::warn("delivery {} needs a person: {}", delivery.id.text(), problem_of(in_words(each)).text());
  }
  told_ = std::move(told);
}

void Filing::show_status(const Seen& seen) {
  const auto timeline = sources_.timeline();
  std::vector<model::Problem> planned;
  for (const auto& [draft, problem] : timeline->problems) planned.push_back(problem);

  intake::StatusInput status;
  status.site = config_->site.title;
  status.stopped_why = sources_.halted();
  status.stopped = !status.stopped_why.empty();
  status.rehearsal = rehearsal_text(*config_);
  for (const auto& stuck : in_words(seen.stuck.items)) status.problems.push_back(problem_of(stuck));
  status.more_problems = static_cast<std::size_t>(seen.stuck.all) - seen.stuck.items.size() +
                         static_cast<std::size_t>(seen.unusable.all) - seen.unusable.items.size();
  for (const model::Draft& draft : seen.unusable.items) {
    bool told = false;
    for (const model::Problem& problem : draft.problems) {
      if (problem.blocking) status.problems.push_back(problem);
      told = told || problem.blocking;
    }
    if (!told) {
      planned.push_back({draft.path, 0, 0, draft.why, "mend it, or take it out of the folder", true});
    }
  }
  intake_.plan_problems(planned);
  status.problems.insert(status.problems.end(), planned.begin(), planned.end());
  for (const planning::Slot& slot : timeline->slots) {
    // One that is fixed ahead of its hour is still to come.
    const bool ahead = slot.state == model::SlotState::filled && !slot.out && slot.instant > timeline->at;
    if (slot.state != model::SlotState::open && !ahead) continue;
    const auto series = config_->series.find(slot.occurrence.series);
    if (series == config_->series.end()) continue;
    status.slots.push_back({slot.title, slot.path, for_people(slot.occurrence, series->second.zone),
                            joined(slot.channels), slot.obstacles});
  }
  for (const planning::Unplanned& draft : timeline->unplanned) {
    if (timeline->problems.contains(draft.draft)) continue;
    status.unplanned.push_back({draft.title, draft.path, draft.why});
  }
  for (const admin::LeftFile& file : files_of(seen.left, intake_)) {
    status.unplanned.push_back({file.title, file.path, file.why});
  }
  for (const auto& [path, since] : intake_.settling())
    status.writing.push_back({"", path, "still being written"});
  for (const intake::Refusal& refusal : intake_.refused()) status.notes.push_back(refusal.text());
  if (!intake_.trouble().empty()) status.notes.push_back(intake_.trouble());
  intake_.show_status(intake::status_markdown(status));
}

}  // namespace service
