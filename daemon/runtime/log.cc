#include "runtime/log.h"

#include <sys/uio.h>
#include <systemd/sd-journal.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace runtime {
namespace {

thread_local std::vector<std::string> current_fields;

int priority_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return 7;
    case spdlog::level::info:
      return 6;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::err:
      return 3;
    default:
      return 2;
  }
}

class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::vector<std::string> fields = current_fields;
    fields.push_back("MESSAGE=" + std::string(message.payload.data(), message.payload.size()));
    fields.push_back("PRIORITY=" + std::to_string(priority_of(message.level)));
    fields.emplace_back("SYSLOG_IDENTIFIER=fridayd");
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (std::string& field : fields) parts.push_back({field.data(), field.size()});
    ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
  }
  void flush_() override {}
};

}  // namespace

void set_up_logging(const std::string& level, const std::string& format) {
  const bool journal = format == "journal" || (format == "auto" && std::getenv("JOURNAL_STREAM") != nullptr);
  std::shared_ptr<spdlog::logger> logger;
  if (journal) {
    logger = std::make_shared<spdlog::logger>("fridayd", std::make_shared<JournalSink>());
  } else {
    logger = std::make_shared<spdlog::logger>("fridayd", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc);
  }
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

LogFields::LogFields(std::string draft, std::string post, std::string delivery, std::string channel) {
  const std::array<std::pair<const char*, std::string>, 4> named = {{{"DRAFT_ID=", std::move(draft)},
                                                                     {"POST_ID=", std::move(post)},
                                                                     {"DELIVERY_ID=", std::move(delivery)},
                                                                     {"CHANNEL=", std::move(channel)}}};
  for (const auto& [name, value] : named) {
    if (!value.empty()) current_fields.push_back(name + value);
  }
}

LogFields::~LogFields() {
  current_fields.clear();
}

}  // namespace runtime
