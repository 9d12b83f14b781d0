#include "timekeeping/timekeeper.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <spdlog/spdlog.h>

#include "runtime/crash_point.h"

namespace timekeeping {
namespace {

using namespace std::chrono_literals;
using store::Failure;

constexpr auto kQuiet = 50ms;
constexpr auto kLatest = 500ms;
constexpr auto kRetry = 10s;
// Drafts of each kind looked at for a series: more than a timeline has slots.
constexpr std::size_t kCandidates = 1000;
static_assert(kCandidates > planning::kMostSlots);
// Decided slots are shown from some days back, so that a zone far west of Greenwich sees today's.
constexpr auto kDecidedBack = std::chrono::days(2);
constexpr std::size_t kMostDecided = 20000;

// The planner asks for slots from here on, at the earliest.
model::LocalDate first_date(const store::SeriesRow& row) {
  if (row.decided_through) return *row.decided_through;
  return model::LocalDate(std::chrono::floor<std::chrono::days>(row.baseline) - std::chrono::days(3));
}

std::map<std::string, std::string> rules_of(const std::map<std::string, planning::SeriesPlan>& series) {
  std::map<std::string, std::string> rules;
  for (const auto& [key, plan] : series) rules[key] = plan.schedule.text() + ' ' + plan.zone->name();
  return rules;
}

// Each series' own, so that none is crowded out by another's.
void load_drafts(store::Store& store, planning::PlanInput& input) {
  const auto add = [&input](std::vector<model::Draft> drafts) {
    std::move(drafts.begin(), drafts.end(), std::back_inserter(input.drafts));
  };
  for (const std::string& key : store.queued_series()) {
    auto today = model::LocalDate(std::chrono::floor<std::chrono::days>(input.now));
    auto first = today;
    const auto series = input.series.find(key);
    if (series != input.series.end()) {
      std::tie(today, first) = planning::first_open_date(key, series->second, input);
    }
    add(store.candidates(key, today, first, kCandidates));
  }
  add(store.set_aside(kCandidates));
}

planning::PlanInput load_input(store::Store& store, const std::map<std::string, planning::SeriesPlan>& series,
                               model::Instant begun, model::Instant now) {
  planning::PlanInput input;
  input.series = series;
  input.now = now;
  store.follow_series(rules_of(series), begun);
  // A slot may have been decided ahead of its turn, before a time in which nothing was.
  auto from = model::LocalDate(std::chrono::floor<std::chrono::days>(now) - kDecidedBack);
  for (const auto& [key, row] : store.series()) {
    if (!series.contains(key)) continue;
    input.history[key] = {row.baseline, row.decided_through, row.paused};
    from = std::min(from, first_date(row));
  }
  for (const store::SlotRow& row : store.slots(from, kMostDecided)) {
    input.decided.push_back({row.occurrence, row.state, row.post, row.title, row.post_state, {}});
    if (row.post) input.decided.back().deliveries = store.deliveries(row.post);
  }
  load_drafts(store, input);
  return input;
}

// When the first of the series has another date: the timeline of the day before is not today's.
std::optional<model::Instant> next_day(const std::map<std::string, planning::SeriesPlan>& series,
                                       model::Instant now) {
  std::optional<model::Instant> first;
  for (const auto& [key, plan] : series) {
    const auto local = plan.zone->to_local(std::chrono::floor<std::chrono::seconds>(now));
    const auto day = std::chrono::floor<std::chrono::days>(local).time_since_epoch();
    model::Instant begins = now;
    for (int later = 1; begins <= now; ++later) {
      const std::chrono::sys_days date{day + std::chrono::days(later)};
      begins = plan.zone->to_instant(model::LocalDate(date), {});
    }
    if (!first || begins < *first) first = begins;
  }
  return first;
}

// Unless it is another draft by now.
void give_up(store::Store& store, model::DraftId id, int revision, const std::string& why,
             model::Instant now) {
  const auto draft = store.draft(id);
  if (!draft || draft->revision != revision) return;
  if (draft->state != model::DraftState::ready && draft->state != model::DraftState::waiting) return;
  store.set_draft_state(id, model::DraftState::problem, why);
  store.event({now, "fridayd", id.text(), why});
}

}  // namespace

Timekeeper::Timekeeper(boost::asio::any_io_executor executor, runtime::Alarms& alarms,
                       store::StoreThread& store, Hooks hooks)
    : Timekeeper(runtime::make_steady_ticker(executor), alarms, store, std::move(hooks)) {}

Timekeeper::Timekeeper(std::unique_ptr<runtime::Ticker> ticker, runtime::Alarms& alarms,
                       store::StoreThread& store, Hooks hooks)
    : alarms_(alarms),
      store_(store),
      hooks_(std::move(hooks)),
      alarm_(alarms, [this] { nudge(); }),
      ticker_(std::move(ticker)),
      timeline_(std::make_shared<planning::Timeline>()) {}

void Timekeeper::configure(std::map<std::string, planning::SeriesPlan> series) {
  series_ = std::move(series);
  begun_ = alarms_.now();
  ++configured_;
  stuck_.clear();
  // At once, so that a start which ends early counts as the first one all the same.
  store_.write([rules = rules_of(series_),
                begun = begun_](store::Store& store) { return store.follow_series(rules, begun); },
               [](const store::Result<std::vector<std::string>>& anew) {
                 if (!anew) return;  // load() does it again
                 for (const std::string& key : *anew) {
                   spdlog::warn(
                       "series {} has another schedule, or came back: it begins anew, and slots that passed "
                       "are not made up for",
                       key);
                 }
               });
  nudge();
}

void Timekeeper::plan_at_once(std::function<void()> then) {
  if (stopped_) return then();
  to_tell_.push_back(std::move(then));
  load();
}

void Timekeeper::nudge() {
  if (stopped_) return;
  const auto now = ticker_->now();
  if (!nudged_) first_nudge_ = now;
  nudged_ = true;
  ticker_->set(std::min(now + kQuiet, first_nudge_ + kLatest), [this] {
    nudged_ = false;
    load();
  });
}

void Timekeeper::halt(bool halted) {
  halted_ = halted;
  nudge();
}

void Timekeeper::stop() {
  stopped_ = true;
  ticker_->cancel();
  alarm_.clear();
  for (auto* all : {&telling_, &to_tell_}) {
    for (const auto& then : std::exchange(*all, {})) then();
  }
}

std::shared_ptr<const planning::Timeline> Timekeeper::timeline() const {
  const std::lock_guard lock(timeline_mutex_);
  return timeline_;
}

void Timekeeper::load() {
  if (stopped_) return;
  if (busy_) {
    again_ = true;
    return;
  }
  busy_ = true;
  again_ = false;
  telling_ = std::exchange(to_tell_, {});
  planned_for_ = configured_;
  if (ticker_->now() >= retry_at_) stuck_.clear();
  store_.write([series = series_, begun = begun_,
                now = alarms_.now()](store::Store& store) { return load_input(store, series, begun, now); },
               [this](store::Result<planning::PlanInput> input) {
                 if (stopped_) return;
                 auto told = std::exchange(telling_, {});
                 if (outdated()) {
                   to_tell_.insert(to_tell_.begin(), told.begin(), told.end());
                   return look_again();
                 }
                 if (input) {
                   planned(std::move(*input));
                 } else {
                   spdlog::error("timeline: {}; trying again in 10 s", input.error().what);
                   retry_at_ = ticker_->now() + kRetry;
                   rest();
                 }
                 for (const auto& then : told) then();
               });
}

void Timekeeper::planned(planning::PlanInput input) {
  const auto decisions = halted_ ? std::vector<planning::Decision>() : planning::due(input);
  publish(std::move(input));
  for (const planning::Decision& decision : decisions) {
    if (!stuck_.contains(decision.occurrence.series)) return decide(decision);
  }
  auto wake = next_day(series_, alarms_.now());
  const auto next = timeline()->next_due;
  if (next && !halted_ && (!wake || *next < *wake)) wake = next;
  if (wake) alarm_.set(*wake);
  rest();
}

void Timekeeper::decide(const planning::Decision& decision) {
  runtime::crash_point("W6");
  switch (decision.kind) {
    case planning::Decision::Kind::fill:
    case planning::Decision::Kind::fill_held:
      return fill(decision);
    case planning::Decision::Kind::empty:
      return record(decision, model::SlotState::empty);
    case planning::Decision::Kind::missed:
      return record(decision, model::SlotState::missed);
  }
}

void Timekeeper::fill(const planning::Decision& decision) {
  const bool held = decision.kind == planning::Decision::Kind::fill_held;
  hooks_.make_post({decision.draft, decision.occurrence, decision.instant, held, decision.why},
                   [this, decision](Hooks::Made made) {
                     if (stopped_) return;
                     if (outdated()) return look_again();
                     if (made) return store_post(decision, std::move(*made));
                     if (!made.error().of_draft) return put_off(decision, made.error().what);
                     refuse_draft(decision, made.error().what);
                   });
}

void Timekeeper::store_post(const planning::Decision& decision, store::NewPost post) {
  post.in_turn = true;
  const Attempt attempt{decision.occurrence, decision.draft, post.draft_revision, post.slug};
  spdlog::debug("slot {}: {}", decision.occurrence.text(), post.title);
  store_.write(
      [post = std::move(post), decision, now = alarms_.now()](store::Store& store) {
        const model::PostId id = store.fill(post, now);
        store.event({now, "fridayd", id.text(), "fills " + decision.occurrence.text() + ", " + decision.why});
        return id.text() + ' ' + post.title;
      },
      [this, decision, attempt](const store::Result<std::string>& filled) {
        runtime::crash_point("W7");
        if (!filled) return decided(decision, attempt, tl::unexpected(filled.error()));
        spdlog::info("slot {} is filled by {} ({})", decision.occurrence.text(), *filled, decision.why);
        decided(decision, attempt, {});
      });
}

void Timekeeper::record(const planning::Decision& decision, model::SlotState state) {
  store_.write(
      [decision, state, now = alarms_.now()](store::Store& store) {
        store.decide(decision.occurrence, state, decision.why, now);
        store.event({now, "fridayd",
                     decision.occurrence.series + ' ' + model::iso_date(decision.occurrence.date),
                     std::string(model::name(state)) + ": " + decision.why});
      },
      [this, decision, state](const store::Result<void>& result) {
        if (result)
          spdlog::warn("slot {} is {}: {}", decision.occurrence.text(), model::name(state), decision.why);
        decided(decision, {decision.occurrence, {}, 0, ""}, result);
      });
}

void Timekeeper::decided(const planning::Decision& decision, const Attempt& attempt,
                         const store::Result<void>& result) {
  if (stopped_) return;
  if (result) {
    overtaken_.reset();
    look_again();
    return hooks_.decided();
  }
  if (result.error().kind != Failure::conflict) return put_off(decision, result.error().what);
  if (overtaken_ != attempt) {
    // Somebody was faster; the next plan knows of it.
    overtaken_ = attempt;
    return look_again();
  }
  overtaken_.reset();
  if (!attempt.draft) return put_off(decision, result.error().what);
  refuse_overtaken(decision, attempt, result.error().what);
}

void Timekeeper::refuse_draft(const planning::Decision& decision, const std::string& why) {
  spdlog::error("draft {}: can't be rendered: {}", decision.draft.text(), why);
  int revision = 0;
  for (const model::Draft& draft : input_->drafts) {
    if (draft.id == decision.draft) revision = draft.revision;
  }
  store_.write([id = decision.draft, revision, why,
                now = alarms_.now()](store::Store& store) { give_up(store, id, revision, why, now); },
               [this, decision](const store::Result<void>& result) {
                 if (stopped_) return;
                 if (!result) return put_off(decision, result.error().what);
                 look_again();
               });
}

// Its address is another post's: no later plan knows better, so its author has to.
void Timekeeper::refuse_overtaken(const planning::Decision& decision, const Attempt& attempt,
                                  const std::string& why) {
  store_.write(
      [attempt, why, now = alarms_.now()](store::Store& store) {
        if (!store.post_by_slug(attempt.slug)) throw store::StoreFailure(Failure::other, why);
        give_up(store, attempt.draft, attempt.revision, why, now);
      },
      [this, decision, why](const store::Result<void>& result) {
        if (stopped_) return;
        if (!result) return put_off(decision, result.error().what);
        spdlog::error("draft {}: {}", decision.draft.text(), why);
        look_again();
      });
}

void Timekeeper::put_off(const planning::Decision& decision, const std::string& why) {
  spdlog::error("slot {}: {}; trying again in 10 s", decision.occurrence.text(), why);
  // All of its series: a later slot decided first would pass this one over.
  stuck_.insert(decision.occurrence.series);
  retry_at_ = ticker_->now() + kRetry;
  look_again();
}

void Timekeeper::look_again() {
  busy_ = false;
  load();
}

void Timekeeper::rest() {
  busy_ = false;
  if (again_) return load();
  if (ticker_->now() < retry_at_ && !nudged_) ticker_->set(retry_at_, [this] { load(); });
}

void Timekeeper::publish(planning::PlanInput input) {
  auto timeline = std::make_shared<const planning::Timeline>(planning::plan(input));
  auto kept = std::make_shared<const planning::PlanInput>(std::move(input));
  {
    const std::lock_guard lock(timeline_mutex_);
    timeline_ = std::move(timeline);
    input_ = std::move(kept);
  }
  hooks_.timeline_changed();
}

std::shared_ptr<const planning::PlanInput> Timekeeper::input() const {
  const std::lock_guard lock(timeline_mutex_);
  return input_;
}

planning::Aftermath Timekeeper::after_publishing(model::DraftId draft,
                                                 const std::optional<model::Occurrence>& taken) const {
  const auto input = this->input();
  return input ? planning::after_publishing(*input, draft, taken) : planning::Aftermath{};
}

planning::Timeline Timekeeper::timeline_for(int weeks) const {
  const auto input = this->input();
  if (!input) return {};
  planning::PlanInput longer = *input;
  longer.weeks = weeks;
  return planning::plan(longer);
}

}  // namespace timekeeping
