// Named places at which a trial has the process killed as by SIGKILL: between an effect and the commit of
// its result, where only what is durable counts afterwards. docs/architecture.md lists them.
#pragma once

#include <string_view>

namespace runtime {

// "NAME:N": the N-th passing of crash_point(NAME) kills. Before any other thread runs. Throws
// std::invalid_argument for another form.
void arm_crash_point(std::string_view text);

// Nothing unless armed. Any thread.
void crash_point(std::string_view name);

}  // namespace runtime
