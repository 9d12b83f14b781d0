#include "rendering/attempts.h"

#include <charconv>

namespace rendering {
namespace {

constexpr const char* kWhy = "fridayd ended three times while rendering this file; change it, or take it out";

std::string key_of(model::DraftId draft) {
  return "rendering " + draft.text();
}

// "REVISION CRASHES"
int crashes_of(const std::string& noted, int revision) {
  const std::string begin = std::to_string(revision) + ' ';
  int crashes = 0;
  if (noted.starts_with(begin)) {
    std::from_chars(noted.data() + begin.size(), noted.data() + noted.size(), crashes);
  }
  return crashes;
}

}  // namespace

bool begin_attempt(store::Store& store, const model::Draft& draft, model::Instant now) {
  const int crashes = crashes_of(store.setting(key_of(draft.id)).value_or(""), draft.revision);
  if (crashes >= kMostCrashes) {
    store.set_draft_state(draft.id, model::DraftState::quarantined, kWhy);
    store.event({now, "fridayd", draft.id.text(), std::string("quarantined: ") + kWhy});
    end_attempt(store, draft.id);
    return false;
  }
  store.set_setting(key_of(draft.id), std::to_string(draft.revision) + ' ' + std::to_string(crashes + 1));
  return true;
}

void end_attempt(store::Store& store, model::DraftId draft) {
  store.set_setting(key_of(draft), "");
}

}  // namespace rendering
