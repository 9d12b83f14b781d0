// How complete files become drafts in the store: batch after batch, each fetched, noted, parsed, stored.
#include <algorithm>
#include <memory>

#include "intake/file_names.h"
#include "intake/intake.h"
#include "intake/intake_parts.h"
#include "intake/text.h"
#include "runtime/crash_point.h"
#include "runtime/log.h"

namespace intake {
namespace {

constexpr std::size_t kBatch = 200;
constexpr int kMostAttempts = 3;
constexpr std::chrono::seconds kRetryAfter{10};
constexpr std::size_t kFewEnoughToLog = 20;

// The draft that a post took of this file and that it still says, whatever became of the post: a file that
// was only touched is none of its own.
std::optional<model::Draft> taken_draft(store::Store& store, const std::string& path,
                                        const std::string& sha256) {
  auto draft = store.newest_draft_at(path);
  const bool taken = draft && draft->state == model::DraftState::published && draft->sha256 == sha256;
  if (taken) return draft;
  const bool live =
      draft && draft->state != model::DraftState::published && draft->state != model::DraftState::gone;
  // What was called off does not go out because its file was moved or copied while nobody looked.
  return live ? std::nullopt : store.called_off_as(sha256);
}

void find_again(store::Store& store, const model::Draft& draft, const std::string& path,
                const store::FileSignature& signature) {
  if (draft.path == path) return store.touch_draft(draft.id, signature);
  store.rename_draft(draft.id, path, signature);
}

// A draft's file under another name. What a post took goes along only as the post has it.
void follow(store::Store& store, const Orphan& was, const store::DraftSeen& seen) {
  const auto draft = store.draft(was.draft);
  const bool taken = draft && draft->state == model::DraftState::published;
  if (taken && draft->sha256 != seen.sha256) return;
  if (was.gone && !taken) store.set_draft_state(was.draft, model::DraftState::waiting, "its file is back");
  store.rename_draft(was.draft, seen.path, seen.signature);
}

void add_problem(store::DraftSeen& seen, std::string what, std::string todo) {
  seen.problems.push_back({escaped_bytes(seen.path), 1, 1, std::move(what), std::move(todo)});
  if (seen.state != model::DraftState::problem) seen.why = seen.problems.back().what;
  seen.state = model::DraftState::problem;
}

}  // namespace

std::string carry_out(const Folder& folder, const ProblemBoard::Action& action) {
  using Kind = ProblemBoard::Action::Kind;
  switch (action.kind) {
    case Kind::write:
      return folder.write_problem(action.path, action.text);
    case Kind::summary:
      return folder.write_problem_summary(action.text);
    case Kind::remove:
      folder.remove_problem(action.path);
      break;
    case Kind::remove_file:
      folder.remove_problem_file(action.path);
      break;
  }
  return "";
}

void Intake::pump() {
  if (stopped_ || !ready_ || batch_ || ticker_->now() < retry_at_) return arm();
  std::vector<ReadRequest> requests = take_requests();
  if (requests.empty()) {
    if (scanned_ && settling_.size() == 0) note_rules();
    return arm();
  }
  batch_ = std::make_unique<Batch>();
  for (const ReadRequest& request : requests) {
    batch_->paths.insert(request.path);
    again_.erase(request.path);
  }
  batch_->requests = std::move(requests);
  fetch();
}

std::vector<ReadRequest> Intake::take_requests() {
  std::vector<ReadRequest> together;
  std::vector<Settling::File> single;
  for (Settling::File& file : settling_.take_due(ticker_->now(), kBatch)) {
    const auto known = known_.find(file.path);
    const bool read =
        known != known_.end() && known->second.draft && known->second.signature == file.signature;
    if (read && !again_.contains(file.path)) continue;
    const int attempts = known == known_.end() ? 0 : known->second.attempts;
    if (attempts > 0 || alone_.contains(file.path)) {
      single.push_back(std::move(file));
    } else {
      together.push_back({file.path, file.signature, false});
    }
  }
  if (together.empty() && !single.empty()) {
    const auto known = known_.find(single.front().path);
    const bool poison = known != known_.end() && known->second.attempts >= kMostAttempts;
    together.push_back({single.front().path, single.front().signature, poison});
    single.erase(single.begin());
  }
  for (const Settling::File& file : single) {
    settling_.complete(file.path, file.signature, ticker_->now(), file.since);
  }
  return together;
}

void Intake::fetch() {
  if (batch_->next == batch_->requests.size()) return end_batch();
  on_worker([folder = folder_, rules = rules_, requests = batch_->requests,
             next = batch_->next] { return fetch_some(*folder, *rules, requests, next); },
            [this](std::vector<Fetched> files) { fetched(std::move(files)); });
}

void Intake::fetched(std::vector<Fetched> files) {
  batch_->next += files.size();
  for (Fetched& file : files) {
    if (worth_parsing(file)) batch_->fetched.push_back(std::move(file));
  }
  if (batch_->fetched.empty()) return fetch();
  note_attempts();
}

bool Intake::worth_parsing(const Fetched& file) {
  using Outcome = FileRead::Outcome;
  const std::string& path = file.request.path;
  unreadable_.erase(path);
  switch (file.file.outcome) {
    case Outcome::ok:
    case Outcome::too_large:
      return true;
    case Outcome::empty:
    case Outcome::changed:
      settling_.seen(path, file.file.signature, ticker_->now(), clock_.now());
      break;
    case Outcome::missing:
      missing(path, false);
      break;
    case Outcome::refused:
      missing(path, true);
      scan_wanted_ = true;
      break;
    case Outcome::failed:
      unreadable_[path] = {escaped_bytes(path), "can't be read (" + file.file.why + ")",
                           "let fridayd read it"};
      scan_wanted_ = true;
      break;
  }
  return false;
}

void Intake::note_attempts() {
  std::vector<Done> files;
  for (const Fetched& file : batch_->fetched) {
    files.push_back({file.request.path, {}, file.file.signature, file.sha256, {}, {}, {}});
  }
  store_.write(
      [files = std::move(files), now = clock_.now()](store::Store& store) mutable {
        std::vector<Done> taken;
        for (Done& file : files) {
          if (const auto draft = taken_draft(store, file.path, file.sha256)) {
            find_again(store, *draft, file.path, file.signature);
            file.draft = draft->id;
            taken.push_back(std::move(file));
          } else {
            store.begin_reading(file.path, now);
          }
        }
        return taken;
      },
      [this, alive = std::weak_ptr<bool>(alive_)](const store::Result<std::vector<Done>>& taken) {
        if (alive.expired()) return;
        if (!taken) return batch_failed(taken.error());
        for (const Done& file : *taken) leave_alone(file);
        if (!taken->empty()) changed_();
        parse();
      });
}

void Intake::leave_alone(const Done& file) {
  std::erase_if(batch_->fetched, [&](const Fetched& each) { return each.request.path == file.path; });
  batch_->paths.erase(file.path);
  alone_.erase(file.path);
  orphans_.erase(file.path);
  known_[file.path] = {file.draft, file.signature, file.sha256, 0};
  taken_[file.path] = file.draft;
  found_problems_.erase(file.path);
  show_problems(file.path);
}

void Intake::parse() {
  if (batch_->fetched.empty()) return fetch();
  runtime::crash_point("W5");
  using Parsed = std::pair<std::vector<ReadDraft>, std::vector<Fetched>>;
  on_worker(
      [folder = folder_, rules = rules_, files = std::exchange(batch_->fetched, {})]() mutable {
        std::vector<ReadDraft> drafts = parse_some(*folder, *rules, files);
        return Parsed{std::move(drafts), std::move(files)};
      },
      [this](Parsed result) {
        batch_->fetched = std::move(result.second);
        parsed(std::move(result.first));
      });
}

Intake::Put Intake::put_of(ReadDraft draft) {
  Put put{std::move(draft.seen), std::move(draft.images), std::nullopt};
  store::DraftSeen& seen = put.seen;
  const auto known = known_.find(seen.path);
  if (known == known_.end() || !known->second.draft) {
    put.was = orphans_.claim(seen.path, seen.signature.inode, seen.sha256);
    if (put.was && put.was->path != seen.path) slugs_.renamed(put.was->path, seen.path);
  }
  if (!seen.head.slug.empty() && seen.state != model::DraftState::quarantined) {
    const std::string owner = slugs_.take(seen.head.slug, seen.path);
    if (owner != seen.path) {
      add_problem(seen,
                  "the draft '" + escaped_bytes(owner) + "' has the address '" + seen.head.slug + "' already",
                  "give one of them another title, or a line slug: ...");
    }
  }
  return put;
}

void Intake::parsed(std::vector<ReadDraft> drafts) {
  // In the order of their paths, so that of two drafts with one address the same one has it each time.
  std::sort(drafts.begin(), drafts.end(),
            [](const ReadDraft& a, const ReadDraft& b) { return a.seen.path < b.seen.path; });
  auto puts = std::make_shared<std::vector<Put>>();
  for (ReadDraft& draft : drafts) {
    remember_images(draft.seen.path, draft.images);
    puts->push_back(put_of(std::move(draft)));
  }
  store_.write(
      [puts, now = clock_.now()](store::Store& store) {
        std::vector<Done> all;
        for (Put& put : *puts) {
          store::DraftSeen& seen = put.seen;
          Done done{seen.path, {}, seen.signature, seen.sha256, seen.state, seen.why, {}};
          if (put.was) follow(store, *put.was, seen);
          if (const auto taken = taken_draft(store, seen.path, seen.sha256)) {
            find_again(store, *taken, seen.path, seen.signature);
            done.state = model::DraftState::published;
            done.draft = taken->id;
            all.push_back(std::move(done));
            continue;
          }
          if (const auto post = seen.head.slug.empty() ? std::nullopt : store.post_by_slug(seen.head.slug)) {
            add_problem(
                seen,
                "the published post \"" + post->title + "\" has the address '" + seen.head.slug + "' already",
                "give this draft another title, or a line slug: ...");
          }
          done.draft = store.put_draft(seen, now).id;
          done.state = seen.state;
          done.why = seen.why;
          done.problems = seen.problems;
          all.push_back(std::move(done));
        }
        return all;
      },
      [this, puts, alive = std::weak_ptr<bool>(alive_)](store::Result<std::vector<Done>> result) {
        if (alive.expired()) return;
        if (result) return stored(*result);
        for (Put& put : *puts) {
          if (put.was) orphans_.add(std::move(*put.was));
        }
        batch_failed(result.error());
      });
}

void Intake::stored(const std::vector<Done>& done) {
  runtime::crash_point("W4");
  for (const Done& one : done) {
    known_[one.path] = {one.draft, one.signature, one.sha256, 0};
    if (one.state == model::DraftState::published) {
      taken_[one.path] = one.draft;
    } else {
      taken_.erase(one.path);
    }
    batch_->paths.erase(one.path);
    alone_.erase(one.path);
    orphans_.erase(one.path);
    if (one.problems.empty()) {
      found_problems_.erase(one.path);
    } else {
      found_problems_[one.path] = one.problems;
    }
    show_problems(one.path);
    if (done.size() > kFewEnoughToLog) continue;
    const runtime::LogFields fields(one.draft.text(), "", "", "");
    spdlog::info("draft {} {}: {}{}", one.draft.text(), escaped_bytes(one.path), model::name(one.state),
                 one.why.empty() ? "" : ": " + one.why);
  }
  if (done.size() > kFewEnoughToLog) spdlog::info("{} drafts read", done.size());
  read_again(slugs_.freed());
  changed_();
  parse();
}

// Nothing of the batch is lost: what was not stored is complete still, and read again later.
void Intake::batch_failed(const store::StoreError& error) {
  const std::unique_ptr<Batch> batch = std::move(batch_);
  const bool several = batch->requests.size() > 1;
  const bool passing = error.kind == store::Failure::full;
  for (const ReadRequest& request : batch->requests) {
    const auto known = known_.find(request.path);
    if (known != known_.end() && known->second.draft && known->second.signature == request.signature)
      continue;
    again_.insert(request.path);
    if (several && !passing) alone_.insert(request.path);
    settling_.complete(request.path, request.signature, ticker_->now(), clock_.now());
  }
  if (error.kind == store::Failure::closed || error.kind == store::Failure::io) return;
  if (!several || passing) {
    spdlog::error("intake: drafts can't be stored: {}; next try in 10 s", error.what);
    retry_at_ = ticker_->now() + kRetryAfter;
  }
  pump();
}

void Intake::end_batch() {
  batch_.reset();
  flush_board();
  if (scan_wanted_) return tick();
  pump();
}

void Intake::bury() {
  orphans_.forget_old(ticker_->now());
  if (ticker_->now() < retry_at_) return;
  const std::vector<Orphan> overdue = orphans_.overdue(ticker_->now(), settle_);
  if (overdue.empty()) return;
  for (const Orphan& orphan : overdue) {
    orphans_.mark_gone(orphan.path);
    known_.erase(orphan.path);
    forget(orphan.path);
    spdlog::info("draft {} {}: its file left the folder", orphan.draft.text(), escaped_bytes(orphan.path));
  }
  store_.write(
      [overdue](store::Store& store) {
        for (const Orphan& orphan : overdue) {
          const auto draft = store.draft(orphan.draft);
          if (!draft || draft->state == model::DraftState::published || draft->path != orphan.path) continue;
          store.set_draft_state(orphan.draft, model::DraftState::gone, "its file left the folder");
        }
      },
      [this, overdue, alive = std::weak_ptr<bool>(alive_)](const store::Result<void>& result) {
        if (alive.expired()) return;
        if (result) {
          flush_board();
          return changed_();
        }
        if (result.error().kind == store::Failure::closed || result.error().kind == store::Failure::io)
          return;
        spdlog::error("intake: {}; next try in 10 s", result.error().what);
        retry_at_ = ticker_->now() + kRetryAfter;
        for (Orphan orphan : overdue) {
          known_[orphan.path] = {orphan.draft, {}, orphan.sha256, 0};
          orphan.gone = false;
          orphans_.add(std::move(orphan));
        }
        arm();
      });
}

}  // namespace intake
