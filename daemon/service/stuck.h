// What needs a person, in words: the same in STATUS.md, in the log and in `fridayctl status`. Pure.
#pragma once

#include <string>
#include <vector>

#include "admin/house.h"
#include "store/store.h"

namespace service {

admin::StuckDelivery in_words(const store::Stuck& stuck);
std::vector<admin::StuckDelivery> in_words(const std::vector<store::Stuck>& stuck);
model::Problem problem_of(const admin::StuckDelivery& stuck);

// A file that says what a post took already.
admin::LeftFile left_file(const model::Draft& draft, const model::Post& post);

}  // namespace service
