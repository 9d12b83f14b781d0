// How far a post is: a line from what the API says of it. Pure: time and room are passed in.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <boost/json.hpp>

namespace cli {

class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Look {
    bool over = false;  // every delivery has come to an end, or waits for a person
    int exit = 0;       // the exit code, once it is over
    std::string line;
  };

  // `room`: columns of the terminal, where the line is written over. Without one the line tells no rate, so
  // that it changes only with what it is about.
  explicit Progress(std::optional<std::size_t> room) : room_(room) {}
  Look look(const boost::json::object& post, Time now);

  struct Mailing {
    std::int64_t total = 0;  // 0: its recipients are not fixed yet, or it is no mailing
    std::int64_t left = 0;
    std::string sums;  // "3 sent, 0 failed, 5 left, 2/s, 3 s to go"
  };

 private:
  Mailing mailing(const std::string& delivery, const boost::json::object& counts, Time now);
  std::string pace(const std::string& delivery, std::int64_t sent, std::int64_t left, Time now);

  struct Begin {  // when the first mails of a delivery were seen to have left
    Time at;
    std::int64_t sent = 0;
  };
  std::optional<std::size_t> room_;
  std::map<std::string, Begin> begun_;
};

}  // namespace cli
