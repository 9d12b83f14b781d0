// Hints that files in drafts/ changed, from inotify. A hint may be late, missing or wrong: the scan is the
// truth. Lives on one executor and calls back there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace intake {

class Watch {
 public:
  enum class Kind {
    written,  // closed after writing, or linked
    arrived,  // renamed into place: complete
    left,     // renamed away
    deleted,
  };
  struct Events {
    std::function<void(const std::string& path, Kind kind)> hint;  // path relative to drafts/
    std::function<void()> rescan;  // a folder came or went, events were lost, the watch broke
  };

  Watch(const boost::asio::any_io_executor& executor, std::filesystem::path drafts, Events events);

  struct Followed {
    bool more = false;  // folders were not watched before: what happened in them is not known
    std::string error;  // why not all could be watched
  };
  // Watches drafts/, these folders below it, and no others.
  Followed follow(const std::vector<std::string>& folders);
  void stop();

 private:
  bool open();
  bool add(const std::string& folder, bool& more);
  void wait();
  void read_events();
  void handle(int watch, std::uint32_t mask, std::string_view name);

  boost::asio::posix::stream_descriptor inotify_;
  std::filesystem::path drafts_;
  Events events_;
  std::unordered_map<int, std::string> folders_;  // by watch descriptor
  std::map<std::string, int> watches_;
  bool stopped_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace intake
