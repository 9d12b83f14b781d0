// fridayctl check: what fridayd would say of drafts, by the same pure functions.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <boost/json.hpp>

#include "cli/draft_file.h"
#include "cli/print.h"
#include "cli/verbs.h"
#include "intake/file_names.h"
#include "planning/planner.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

// What the schedule says of the draft: a slot that has passed, or is none.
std::vector<model::Problem> plan_problems(const planning::PlanInput& calendar,
                                          const intake::ReadDraft& read) {
  planning::PlanInput input = calendar;
  model::Draft draft;
  draft.id = {1};
  draft.path = read.seen.path;
  draft.head = read.seen.head;
  draft.first_ready = input.now;
  input.drafts = {draft};
  std::vector<model::Problem> problems;
  for (const auto& [id, problem] : planning::plan(input).problems) problems.push_back(problem);
  return problems;
}

planning::PlanInput calendar_of(const config::Config& config) {
  planning::PlanInput input;
  planning::TimeZones zones;
  config::Faults ignored;
  input.series = planning::resolve_series(config, zones, ignored);
  input.now = std::chrono::floor<model::milliseconds>(std::chrono::system_clock::now());
  return input;
}

struct Checked {
  std::vector<model::Problem> problems;
  std::string waits;  // why, or empty
};

Checked check_file(const config::Config& config, const planning::PlanInput& calendar, const fs::path& file) {
  Checked checked;
  try {
    const intake::ReadDraft draft = read_draft_file(config, file);
    checked.problems = draft.seen.problems;
    for (const model::Problem& problem : plan_problems(calendar, draft)) checked.problems.push_back(problem);
    if (draft.seen.state == model::DraftState::waiting) checked.waits = draft.seen.why;
  } catch (const std::runtime_error& error) {
    std::string what = error.what();
    if (what.starts_with(file.string() + ": ")) what.erase(0, file.string().size() + 2);
    checked.problems.push_back({"", 0, 0, what, "name a draft, or a folder of drafts", true});
  }
  for (model::Problem& problem : checked.problems) problem.file = file.string();
  return checked;
}

boost::json::object json_of(const model::Problem& problem) {
  return {{"file", problem.file}, {"line", problem.line}, {"column", problem.column},
          {"what", problem.what}, {"todo", problem.todo}, {"blocking", problem.blocking}};
}

// Of a folder the drafts that fridayd would find in it; of the shared folder those under drafts/.
std::vector<fs::path> files_of(const std::vector<std::string>& named) {
  std::vector<fs::path> files;
  for (const fs::path path : named) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    const fs::path folder = fs::is_directory(path / "drafts") ? path / "drafts" : path;
    std::vector<fs::path> found;
    for (const auto& entry :
         fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
      const std::string name = entry.path().filename().string();
      const bool hidden = name.starts_with('.') || name.starts_with('_');
      if (!hidden && entry.is_regular_file() && intake::draft_name(name) && !intake::ignored_name(name)) {
        found.push_back(entry.path());
      }
    }
    if (found.empty()) std::cerr << "fridayctl: " << shown(folder.string()) << " holds no drafts\n";
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace

int check(const Options& options) {
  const auto config = config_for_drafts(options);
  if (!config) return kConfiguration;
  const planning::PlanInput calendar = calendar_of(*config);
  int exit = kDone;
  boost::json::array all;
  for (const fs::path& file : files_of(options.files)) {
    const Checked checked = check_file(*config, calendar, file);
    for (const model::Problem& problem : checked.problems) {
      if (problem.blocking) exit = kProblems;
      all.push_back(json_of(problem));
      if (!options.json) {
        std::cout << shown(problem.text()) << (problem.blocking ? "" : " (a warning)") << '\n';
      }
    }
    if (checked.waits.empty()) continue;
    exit = kProblems;
    if (!options.json) std::cout << shown(file.string()) << ": waits: " << shown(checked.waits) << '\n';
  }
  if (options.json) std::cout << boost::json::serialize(boost::json::object{{"items", all}}) << '\n';
  return exit;
}

}  // namespace cli
