// Logging: spdlog to standard error, or to the journal with fields that journalctl can filter by.
//
// A line about an item carries its id: "delivery v31 channel=blog attempt 2: deferred: HTTP 503".
#pragma once

#include <string>

#include <spdlog/spdlog.h>

namespace runtime {

// level: trace, debug, info, warning, error. format: auto, text, journal. Thread-safe afterwards.
void set_up_logging(const std::string& level, const std::string& format);

// While it lives, lines of this thread carry these journal fields (empty: none).
class LogFields {
 public:
  LogFields(std::string draft, std::string post, std::string delivery, std::string channel);
  ~LogFields();
  LogFields(const LogFields&) = delete;
  LogFields& operator=(const LogFields&) = delete;
};

}  // namespace runtime
