// A draft: one Markdown file as its author left it, and what fridayd made of its head.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "model/ids.h"
#include "model/time.h"

namespace model {

// Stored; never renumber. `settling` and `scheduled` are said of drafts, never stored: the first is a
// file not read yet, the second follows from the plan.
enum class DraftState {
  settling = 0,
  ready = 1,
  waiting = 2,  // not ready, not yet, or wants something: `why` says what
  problem = 3,  // can't be used: `problems` say why
  quarantined = 4,
  scheduled = 5,
  published = 6,
  gone = 7,  // its file left the folder
  held = 8,  // said, never stored: a person keeps a draft that is ready or waiting from the timeline
};
std::string_view name(DraftState state);

// A place in a draft and what is wrong there; printed as file:line:col: what; what to do.
struct Problem {
  std::string file;  // relative to the folder of drafts
  std::size_t line = 0;
  std::size_t column = 0;
  std::string what;
  std::string todo;
  bool blocking = true;

  std::string text() const;
  bool operator==(const Problem&) const = default;
};

struct FrontMatter {
  std::string title;
  std::string slug;
  std::string summary;
  std::string author;
  std::vector<std::string> tags;
  std::string series;
  bool ready = true;
  std::optional<LocalDate> date;
  std::optional<LocalDate> slot;
  std::optional<LocalDate> not_before;
  std::optional<LocalDate> not_after;
  int priority = 0;  // higher first
  std::string image;
  std::string image_alt;
  std::string canonical;
  std::string subject;
  std::string preheader;
  std::vector<std::string> channels;  // empty: the series' own
  bool evergreen = false;
  boost::json::object extra;
};

// What the planner and the lists need of a draft; the bytes are in the store's revisions.
struct Draft {
  DraftId id;
  std::string path;  // relative to the folder of drafts, "trust/index.md"
  DraftState state = DraftState::ready;
  std::string why;   // for people, where the state needs a reason
  int revision = 0;  // of the bytes last read, from 1
  std::string sha256;
  FrontMatter head;  // title, slug and series resolved, never empty in a ready draft
  std::vector<Problem> problems;
  std::optional<Instant> first_ready;
  Instant changed_at{};  // when the last revision was read
  PostId post;           // the post that took it, if any
  std::string held;      // "on hold: a typo (ada)"; empty: nobody holds it

  // What people see, and why.
  DraftState shown_state() const;
  std::string shown_why() const;
};

}  // namespace model
