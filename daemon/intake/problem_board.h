// Which problem files should stand beside drafts, and what to do to get there: one file per draft, or one
// summary once there are over a hundred. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/draft.h"

namespace intake {

class ProblemBoard {
 public:
  static constexpr std::size_t kMostFiles = 100;

  // Those of one draft, by its path; none that blocks: nothing stands beside it.
  void set(const std::string& path, const std::vector<model::Problem>& problems);
  // A scan found these problem files.
  void saw(const std::vector<std::string>& problem_files);

  struct Action {
    enum class Kind { write, remove, remove_file, summary };
    Kind kind = Kind::write;
    std::string path;  // of the draft; of the problem file for remove_file
    std::string text;  // of write and summary; an empty summary is removed
    bool operator==(const Action&) const = default;
  };
  // What has changed since the last call.
  std::vector<Action> changes();

  std::size_t size() const { return texts_.size(); }

 private:
  void add_summary(std::vector<Action>& actions) const;

  std::map<std::string, std::string> texts_;  // what is wrong with which draft
  std::set<std::string> changed_;             // drafts whose file may not be as it should
  std::set<std::string> written_;
  std::vector<Action> strays_;
  bool summary_ = false;
  bool started_ = false;
};

// What stands in a problem file.
std::string problem_text(const std::string& path, const std::vector<model::Problem>& problems);

}  // namespace intake
