// What the lists on disk have in common: others write them while they are read.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <string>

namespace publishers {

// Why a list can't be used.
struct ListFault {
  std::string what;            // "path:1: what"
  bool being_written = false;  // it may be whole in a moment
};

// Whether a file's bytes changed so lately, by the system's own clock, whose times files bear. What bears a
// time far in the future never will be old, and counts as such.
bool younger_than(const struct stat& file, std::chrono::milliseconds age);

// Whether its bytes were touched between two looks at it.
bool changed(const struct stat& before, const struct stat& after);

}  // namespace publishers
