#include "model/draft.h"

namespace model {

std::string_view name(DraftState state) {
  switch (state) {
    case DraftState::settling:
      return "settling";
    case DraftState::ready:
      return "ready";
    case DraftState::waiting:
      return "waiting";
    case DraftState::problem:
      return "problem";
    case DraftState::quarantined:
      return "quarantined";
    case DraftState::scheduled:
      return "scheduled";
    case DraftState::published:
      return "published";
    case DraftState::gone:
      return "gone";
    case DraftState::held:
      return "held";
  }
  return "unknown";
}

DraftState Draft::shown_state() const {
  const bool usable = state == DraftState::ready || state == DraftState::waiting;
  return usable && !held.empty() ? DraftState::held : state;
}

std::string Draft::shown_why() const {
  if (shown_state() != DraftState::held) return why;
  return why.empty() ? held : held + "; " + why;
}

std::string Problem::text() const {
  std::string text = file;
  if (line != 0) text += ':' + std::to_string(line) + ':' + std::to_string(column);
  if (!text.empty()) text += ": ";
  text += what;
  if (!todo.empty()) text += "; " + todo;
  return text;
}

}  // namespace model
