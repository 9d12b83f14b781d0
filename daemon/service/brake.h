// What keeps the house from acting: the brake (`fridayctl stop`, or a file named STOP in the shared
// folder), and safe mode (a store that was restored or cloned). Both survive restarts; both end with
// `fridayctl resume`, the file by being taken away.
//
// House thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "store/store_thread.h"

namespace service {

class Brake {
 public:
  // `moved`: whether the house stands still is another than before.
  Brake(store::StoreThread& store, std::function<void(bool halted)> moved);

  void load(const std::string& stopped, const std::string& safe_mode, bool stop_file);
  // `also` is written with it.
  void stop(const std::string& who, model::Instant now, std::function<void(store::Store&)> also,
            std::function<void(store::Result<void>)> then);
  void resume(const std::string& who, model::Instant now, std::function<void(store::Store&)> also,
              std::function<void(store::Result<void>)> then);
  std::string why_after_resume() const;
  void stop_file(bool present);

  bool halted() const { return !stopped_.empty() || !safe_mode_.empty() || stop_file_; }
  // For people; empty when nothing keeps the house.
  std::string why() const;

 private:
  void update(const std::function<void()>& change);

  store::StoreThread& store_;
  std::function<void(bool)> moved_;
  std::string stopped_;
  std::string safe_mode_;
  std::uint64_t stops_ = 0;  // so that a resume under way does not undo a stop that came after it
  bool stop_file_ = false;
};

}  // namespace service
