// Makes the post that fills a slot, or that is published by hand: loads the draft, renders an edition for
// each channel on a worker, and answers with what the store's fill() takes. Stores nothing of it; but that a
// draft is being rendered is on record before it begins, and one that ended the process three times is
// quarantined instead.
//
// House thread; `workers` is where the rendering runs. Outlives what runs there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <tl/expected.hpp>

#include "config/config.h"
#include "rendering/render.h"
#include "store/store_thread.h"

namespace rendering {

struct ChannelFacts {
  bool mail = false;
  // The address that a slug will have, where the channel's kind knows it beforehand.
  std::function<std::optional<std::string>(const std::string& slug)> permalink;
};

struct PostRequest {
  model::DraftId draft;
  std::optional<model::Occurrence> occurrence;
  model::Instant due_at{};
  bool held = false;
  std::string why;                    // why it is held
  std::vector<std::string> channels;  // empty: the draft's, else the series'
};

// What the maker borrows from rooms that it does not know.
struct Almanac {
  std::function<std::string(const std::string& bytes, const std::string& path)> body;
  std::function<std::string(const std::string& zone, model::Instant)> local_text;
  // The instant of a channel's own hour on the local date of `due`; the next day's if that has passed.
  std::function<std::optional<model::Instant>(const std::string& zone, model::Instant due,
                                              const std::string& hour)>
      hour_on_day;
};

struct MakeFault {
  bool of_draft = false;  // the draft can't be used; else the house failed, or its configuration
  std::string what;       // in words for people
};

class PostMaker {
 public:
  PostMaker(boost::asio::any_io_executor house, boost::asio::thread_pool& workers, store::StoreThread& store,
            Almanac almanac);

  void configure(std::shared_ptr<const config::Config> config, std::map<std::string, ChannelFacts> channels);

  using Made = tl::expected<store::NewPost, MakeFault>;
  void make(const PostRequest& request, model::Instant now, std::function<void(Made)> then);

  struct Job;

 private:
  void render_on_worker(std::shared_ptr<Job> job, std::function<void(Made)> then);
  void ended(const Job& job, Made made, const std::function<void(Made)>& then);

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  Almanac almanac_;
  std::shared_ptr<const config::Config> config_;
  std::map<std::string, ChannelFacts> channels_;
  std::map<model::DraftId, int> under_way_;
};

}  // namespace rendering
