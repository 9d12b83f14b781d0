#include "runtime/alarms.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace runtime {

Alarms::Alarm::Alarm(Alarms& alarms, std::function<void()> ring) : alarms_(alarms), ring_(std::move(ring)) {
  place_ = alarms_.all_.insert(alarms_.all_.end(), this);
}

Alarms::Alarm::~Alarm() {
  alarms_.all_.erase(place_);
}

void Alarms::Alarm::set(model::Instant due) {
  due_ = due;
  alarms_.arm();
}

void Alarms::Alarm::clear() {
  due_ = model::Instant::max();
}

void Alarms::arm() {
  model::Instant earliest = model::Instant::max();
  for (const Alarm* alarm : all_) earliest = std::min(earliest, alarm->due_);
  armed_ = std::min(earliest, clock_.now() + std::chrono::hours(1));
  clock_.set_alarm(armed_, [this] { wake(); });
}

void Alarms::wake() {
  const model::Instant now = clock_.now();
  // Woken before the armed instant, or behind the last wake: the clock was set, so everybody looks anew.
  const bool clock_was_set = now < armed_ || now < last_seen_;
  last_seen_ = now;
  std::vector<Alarm*> ringing;
  for (Alarm* alarm : all_) {
    if (clock_was_set || alarm->due_ <= now) ringing.push_back(alarm);
  }
  for (Alarm* alarm : ringing) {
    // An owner that rang before may have taken this one away.
    if (std::find(all_.begin(), all_.end(), alarm) == all_.end()) continue;
    alarm->due_ = model::Instant::max();
    alarm->ring_();
  }
  arm();
}

}  // namespace runtime
