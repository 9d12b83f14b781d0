// STATUS.md: what the folder tells its authors. Pure: the same input gives the same bytes, and nothing in
// it counts down, so that a synced folder sees a new file only when something changed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/draft.h"

namespace intake {

struct StatusSlot {
  std::string title;  // empty: nothing is ready for the slot
  std::string path;
  std::string when;   // "Friday, 27 November 2026, 08:00 (America/New_York)"
  std::string where;  // "blog, mail"
  std::vector<std::string> obstacles;
};

struct StatusDraft {
  std::string title;
  std::string path;
  std::string why;  // "status is draft"
};

struct StatusInput {
  std::string site;       // the site's title
  std::string rehearsal;  // what goes where instead, or empty
  bool stopped = false;
  std::string stopped_why;  // "a file named STOP lies in the folder"
  std::vector<model::Problem> problems;
  std::size_t more_problems = 0;       // beyond those
  std::vector<StatusSlot> slots;       // by time; the first is the next
  std::vector<StatusDraft> unplanned;  // drafts without a slot
  std::vector<StatusDraft> writing;    // files that are not complete yet
  std::vector<std::string> notes;      // refused files and the like, a sentence each
};

std::string status_markdown(const StatusInput& input);

// A text of somebody else as Markdown that says just that: one line, nothing in it is markup.
std::string as_plain_markdown(std::string_view text);

}  // namespace intake
