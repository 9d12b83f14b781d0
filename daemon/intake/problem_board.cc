#include "intake/problem_board.h"

#include <algorithm>
#include <utility>

#include "intake/file_names.h"
#include "intake/text.h"

namespace intake {
namespace {

constexpr std::size_t kMostInSummary = 1000;

bool blocks(const model::Problem& problem) {
  return problem.blocking;
}

}  // namespace

std::string problem_text(const std::string& path, const std::vector<model::Problem>& problems) {
  std::string text = escaped_bytes(path) + " can't be published as it is.\n\n";
  for (const model::Problem& problem : problems) {
    if (problem.blocking) text += problem.text() + '\n';
  }
  if (!std::all_of(problems.begin(), problems.end(), blocks)) {
    text += "\nLook at these, too:\n\n";
    for (const model::Problem& problem : problems) {
      if (!problem.blocking) text += problem.text() + '\n';
    }
  }
  return text + "\nThis note goes away by itself once the draft is put right.\n";
}

void ProblemBoard::set(const std::string& path, const std::vector<model::Problem>& problems) {
  const auto found = texts_.find(path);
  if (std::none_of(problems.begin(), problems.end(), blocks)) {
    if (found == texts_.end()) return;
    texts_.erase(found);
  } else {
    std::string text = problem_text(path, problems);
    if (found != texts_.end() && found->second == text) return;
    texts_[path] = std::move(text);
  }
  changed_.insert(path);
}

void ProblemBoard::saw(const std::vector<std::string>& problem_files) {
  std::set<std::string> expected;
  for (const std::string& path : written_) {
    expected.insert(join_path(parent_folder(path), problem_file_name(last_name(path))));
  }
  const std::set<std::string> found(problem_files.begin(), problem_files.end());
  for (const std::string& file : found) {
    if (!expected.contains(file)) strays_.push_back({Action::Kind::remove_file, file, ""});
  }
  for (const std::string& path : written_) {
    if (!found.contains(join_path(parent_folder(path), problem_file_name(last_name(path)))))
      changed_.insert(path);
  }
}

std::vector<ProblemBoard::Action> ProblemBoard::changes() {
  std::vector<Action> actions = std::exchange(strays_, {});
  const bool summary = texts_.size() > kMostFiles;
  // The first time, what a former process left is not known.
  const bool switched = summary != summary_ || !std::exchange(started_, true);
  if (changed_.empty() && !switched) return actions;
  if (switched) {
    for (const auto& [path, text] : texts_) changed_.insert(path);
    changed_.insert(written_.begin(), written_.end());
  }
  for (const std::string& path : changed_) {
    const auto text = texts_.find(path);
    if (text != texts_.end() && !summary) {
      actions.push_back({Action::Kind::write, path, text->second});
      written_.insert(path);
    } else if (written_.erase(path) != 0) {
      actions.push_back({Action::Kind::remove, path, ""});
    }
  }
  changed_.clear();
  summary_ = summary;
  if (summary) {
    add_summary(actions);
  } else if (switched) {
    actions.push_back({Action::Kind::summary, "", ""});
  }
  return actions;
}

void ProblemBoard::add_summary(std::vector<Action>& actions) const {
  std::string text = std::to_string(texts_.size()) + " drafts can't be published as they are.\n";
  std::size_t shown = 0;
  for (const auto& [path, one] : texts_) {
    if (shown++ == kMostInSummary) {
      text += "\nand " + std::to_string(texts_.size() - kMostInSummary) + " more\n";
      break;
    }
    // Without the first and the last lines, which are the same for each.
    const std::size_t begin = one.find("\n\n") + 1;
    text += one.substr(begin, one.rfind("\n\n") + 1 - begin);
  }
  actions.push_back({Action::Kind::summary, "", std::move(text)});
}

}  // namespace intake
