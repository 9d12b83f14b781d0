// Drafts that take the process down: each rendering is noted in the store before it begins and struck out
// when it has ended, so that what is still noted at a start ended that process.
//
// Store thread only.
#pragma once

#include <string>

#include "store/store.h"

namespace rendering {

inline constexpr int kMostCrashes = 3;

// Notes one more. False: this revision of the draft has ended the process three times, and is quarantined
// now.
bool begin_attempt(store::Store& store, const model::Draft& draft, model::Instant now);
void end_attempt(store::Store& store, model::DraftId draft);

}  // namespace rendering
