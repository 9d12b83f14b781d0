// What others ask of intake: to be told, and to have something written.
#include <algorithm>

#include "intake/file_names.h"
#include "intake/intake.h"
#include "intake/intake_parts.h"
#include "intake/text.h"
#include "runtime/log.h"

namespace intake {

std::vector<std::pair<std::string, model::Instant>> Intake::settling(std::size_t limit) const {
  return settling_.list(limit);
}

bool Intake::up_to_date() const {
  const auto due = settling_.next_due();
  const bool waiting = due && *due <= ticker_->now();
  return scanned_ && !scanning_ && !looking_ && !batch_ && hints_.empty() && !waiting;
}

std::vector<model::DraftId> Intake::taken() const {
  std::vector<model::DraftId> drafts;
  for (const auto& [path, draft] : taken_) drafts.push_back(draft);
  return drafts;
}

bool Intake::has_file(const model::Draft& draft) const {
  const auto known = known_.find(draft.path);
  return known != known_.end() && known->second.draft == draft.id && orphans_.find(draft.path) == nullptr;
}

bool Intake::caught_up() const {
  return up_to_date() && !settling_.next_due();
}

void Intake::plan_problems(const std::vector<model::Problem>& problems) {
  std::map<std::string, std::vector<model::Problem>> by_path;
  for (const model::Problem& problem : problems) by_path[problem.file].push_back(problem);
  std::set<std::string> touched;
  for (const auto& [path, found] : plan_problems_) touched.insert(path);
  for (const auto& [path, found] : by_path) touched.insert(path);
  plan_problems_ = std::move(by_path);
  for (const std::string& path : touched) show_problems(path);
  flush_board();
}

void Intake::show_problems(const std::string& path) {
  std::vector<model::Problem> all;
  for (const auto* source : {&found_problems_, &plan_problems_}) {
    if (const auto found = source->find(path); found != source->end()) {
      all.insert(all.end(), found->second.begin(), found->second.end());
    }
  }
  board_.set(path, all);
}

void Intake::flush_board() {
  std::vector<ProblemBoard::Action> actions = board_.changes();
  if (actions.empty()) return;
  on_worker(
      [folder = folder_, actions = std::move(actions)] {
        std::string error;
        for (const ProblemBoard::Action& action : actions) {
          const std::string failed = carry_out(*folder, action);
          if (!failed.empty()) error = failed;
        }
        return error;
      },
      [](const std::string& error) {
        if (!error.empty()) spdlog::warn("intake: no problem file can be written: {}", error);
      });
}

void Intake::show_status(std::string markdown) {
  on_worker([folder = folder_, markdown = std::move(markdown)] { return folder->write_status(markdown); },
            [](const std::string& error) {
              if (!error.empty()) spdlog::warn("intake: STATUS.md can't be written: {}", error);
            });
}

void Intake::put_away(PutAway post, std::function<void(Folder::Filed)> then) {
  const std::string path = post.draft_path;
  being_filed_.insert(path);
  on_worker([folder = folder_, post = std::move(post)] { return folder->put_away(post); },
            [this, path, then = std::move(then)](Folder::Filed filed) {
              being_filed_.erase(path);
              if (!filed.path.empty() && filed.note.empty()) {
                forget(path);
                known_.erase(path);
              } else if (const auto known = known_.find(path); !filed.path.empty() && known != known_.end()) {
                taken_[path] = known->second.draft;
              }
              then(std::move(filed));
            });
}

void Intake::forget(const std::string& path) {
  taken_.erase(path);
  slugs_.release(path);
  remember_images(path, {});
  found_problems_.erase(path);
  show_problems(path);
  read_again(slugs_.freed());
}

void Intake::remember_images(const std::string& path, const std::vector<std::string>& images) {
  if (const auto before = images_of_draft_.find(path); before != images_of_draft_.end()) {
    for (const std::string& image : before->second) {
      const auto [first, last] = drafts_of_image_.equal_range(image);
      const auto entry = std::find_if(first, last, [&](const auto& one) { return one.second == path; });
      if (entry != last) drafts_of_image_.erase(entry);
    }
    images_of_draft_.erase(before);
  }
  if (images.empty()) return;
  for (const std::string& image : images) drafts_of_image_.emplace(image, path);
  images_of_draft_[path] = images;
}

}  // namespace intake
