#include "publishers/email/list_file.h"

#include <ctime>

namespace publishers {

bool younger_than(const struct stat& file, std::chrono::milliseconds age) {
  // File systems of other machines have clocks of their own.
  constexpr std::chrono::milliseconds kSkew{2000};
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const std::chrono::milliseconds old = std::chrono::seconds(now.tv_sec - file.st_mtim.tv_sec) +
                                        std::chrono::duration_cast<std::chrono::milliseconds>(
                                            std::chrono::nanoseconds(now.tv_nsec - file.st_mtim.tv_nsec));
  return age.count() > 0 && old < age && old > -kSkew;
}

bool changed(const struct stat& before, const struct stat& after) {
  return before.st_ino != after.st_ino || before.st_size != after.st_size ||
         before.st_mtim.tv_sec != after.st_mtim.tv_sec || before.st_mtim.tv_nsec != after.st_mtim.tv_nsec;
}

}  // namespace publishers
