// A post maker over a real store, with drafts as intake leaves them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rendering/post_maker.h"
#include "support/house.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace rendering {

using namespace std::chrono_literals;

inline model::Instant at(const char* text) {
  return model::parse_rfc3339(text).value();
}
inline model::LocalDate date(const char* text) {
  return model::parse_date(text).value();
}

// The slot of Friday 2026-11-27, 08:00 in New York; a blog and a mail that follows it.
class MakerTest : public testing::Test {
 protected:
  MakerTest() {
    config::Series& friday = config_.series["friday"];
    friday.key = "friday";
    friday.title = "Sales Leadership Friday";
    friday.zone = "America/New_York";
    friday.channels = {"blog", "mail"};
    add_channel("blog");
    add_channel("mail").after = "blog";
    config_.site.author = "The House";
    config_.site.language = "en-GB";
    facts_["blog"].permalink = [](const std::string& slug) { return "https://example.org/" + slug + '/'; };
    facts_["mail"].mail = true;
    start();
  }
  ~MakerTest() override { crash(); }

  config::Channel& add_channel(const char* key) {
    config::Channel& channel = config_.channels[key];
    channel.key = key;
    facts_[key];
    return channel;
  }

  void start() {
    house_.emplace(clock_, folder_ / "fridayd.db");
    maker_ = std::make_unique<PostMaker>(house_->executor(), house_->workers(), house_->store(), almanac());
  }
  void crash() {
    if (!house_) return;
    house_->crash();
    maker_.reset();
    house_.reset();
  }

  Almanac almanac() {
    Almanac almanac;
    almanac.body = [](const std::string& bytes, const std::string&) {
      const std::size_t end = bytes.find("\n---\n");
      return end == std::string::npos ? bytes : bytes.substr(end + 5);
    };
    almanac.local_text = [](const std::string& zone, model::Instant instant) {
      EXPECT_EQ(zone, "America/New_York");
      return model::rfc3339(instant, -5h);
    };
    almanac.hour_on_day = [](const std::string&, model::Instant due, const std::string& hour) {
      EXPECT_EQ(hour, "09:30");
      return std::optional(due + 90min);
    };
    return almanac;
  }

  static store::DraftSeen seen(const std::string& body = "The text.\n") {
    store::DraftSeen seen;
    seen.path = "trust.md";
    seen.bytes = "---\ntitle: Trust\n---\n" + body;
    seen.sha256 = "sha256 of " + body;
    seen.head.title = "Trust";
    seen.head.slug = "trust";
    seen.head.series = "friday";
    return seen;
  }
  model::DraftId save(const store::DraftSeen& seen) {
    return house_->in_store([&](store::Store& store) { return store.put_draft(seen, clock_.now()).id; });
  }

  PostRequest request(model::DraftId draft) const {
    PostRequest request;
    request.draft = draft;
    request.occurrence = model::Occurrence{"friday", date("2026-11-27"), {8h}};
    request.due_at = at("2026-11-27T13:00:00Z");
    return request;
  }

  PostMaker::Made make(const PostRequest& request) {
    maker_->configure(std::make_shared<const config::Config>(config_), facts_);
    std::optional<PostMaker::Made> made;
    maker_->make(request, clock_.now(), [&](PostMaker::Made result) { made = std::move(result); });
    house_->run_until([&] { return made.has_value(); });
    return std::move(*made);
  }
  store::NewPost post(const PostRequest& request) {
    auto made = make(request);
    if (!made) throw std::runtime_error(made.error().what);
    return std::move(*made);
  }
  store::NewPost post_of(const store::DraftSeen& seen) { return post(request(save(seen))); }
  // What a reader of the blog would get.
  publishers::Edition edition_of(const store::DraftSeen& seen) {
    return post_of(seen).deliveries.front().edition;
  }

  model::Draft draft(model::DraftId id) {
    return *house_->in_store([&](store::Store& store) { return store.draft(id); });
  }

  support::TempFolder folder_;
  support::ManualClock clock_{at("2026-11-27T13:00:01Z")};
  std::optional<support::House> house_;
  std::unique_ptr<PostMaker> maker_;
  config::Config config_;
  std::map<std::string, ChannelFacts> facts_;
};

}  // namespace rendering
