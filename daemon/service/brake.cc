#include "service/brake.h"

#include <utility>

#include "runtime/log.h"

namespace service {

Brake::Brake(store::StoreThread& store, std::function<void(bool)> moved)
    : store_(store), moved_(std::move(moved)) {}

void Brake::update(const std::function<void()>& change) {
  const bool before = halted();
  change();
  if (halted() == before) return;
  if (halted()) {
    spdlog::warn("nothing is sent or published: {}", why());
  } else {
    spdlog::info("at work again");
  }
  moved_(halted());
}

void Brake::load(const std::string& stopped, const std::string& safe_mode, bool stop_file) {
  update([&] {
    stopped_ = stopped;
    safe_mode_ = safe_mode;
    stop_file_ = stop_file;
  });
}

void Brake::stop_file(bool present) {
  if (present == stop_file_) return;
  update([&] { stop_file_ = present; });
  // A start that can't see the folder goes by what was seen last.
  store_.write([present](store::Store& store) { store.set_setting("stop_file", present ? "there" : ""); },
               [](const store::Result<void>& result) {
                 if (!result)
                   spdlog::error("whether there is a file STOP can't be noted: {}", result.error().what);
               });
}

void Brake::stop(const std::string& who, model::Instant now, std::function<void(store::Store&)> also,
                 std::function<void(store::Result<void>)> then) {
  // It holds from this moment; the store makes it hold over a restart.
  const std::string text = "stopped by " + who + " at " + model::rfc3339(now);
  ++stops_;
  update([&] { stopped_ = text; });
  store_.write(
      [text, who, now, also = std::move(also)](store::Store& store) {
        store.set_setting("stopped", text);
        store.event({now, who, "fridayd", "stopped"});
        also(store);
      },
      std::move(then));
}

void Brake::resume(const std::string& who, model::Instant now, std::function<void(store::Store&)> also,
                   std::function<void(store::Result<void>)> then) {
  store_.write(
      [who, now, also = std::move(also)](store::Store& store) {
        store.set_setting("stopped", "");
        store.set_setting("safe_mode", "");
        store.event({now, who, "fridayd", "resumed"});
        also(store);
      },
      [this, stops = stops_, then = std::move(then)](store::Result<void> result) {
        if (result) {
          update([&] {
            if (stops == stops_) stopped_.clear();
            safe_mode_.clear();
          });
        }
        then(std::move(result));
      });
}

std::string Brake::why() const {
  if (!safe_mode_.empty()) return safe_mode_;
  if (!stopped_.empty()) return stopped_;
  return why_after_resume();
}

std::string Brake::why_after_resume() const {
  return stop_file_ ? "a file named STOP is in the shared folder; take it away to go on" : "";
}

}  // namespace service
