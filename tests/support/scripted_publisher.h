// A blog far away: it remembers what was created and what its readers see, answers by a script where there
// is one and truthfully where there is none, and outlives the daemons that speak to it. ScriptedPublisher is
// a daemon's own end of the line.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "publishers/post_publisher.h"

namespace support {

using publishers::Fault;
using publishers::Found;
using publishers::Outcome;
using publishers::Receipt;

// One answer: what is said, and whether it was done.
struct Turn {
  std::optional<Receipt> says;  // none: the truth
  bool done = true;
  bool throws = false;
};

inline Receipt said(Outcome outcome, Fault fault, const std::string& reply,
                    std::optional<std::chrono::seconds> retry_after = std::nullopt) {
  Receipt receipt = Receipt::failed(outcome, fault, reply);
  receipt.retry_after = retry_after;
  return receipt;
}

// Nothing happens there.
inline Turn refuses(Outcome outcome, Fault fault, const std::string& reply,
                    std::optional<std::chrono::seconds> retry_after = std::nullopt) {
  return {said(outcome, fault, reply, retry_after), false, false};
}
inline Turn loses_request() {
  return refuses(Outcome::uncertain, Fault::none, "no reply");
}
inline Turn loses_reply() {
  return {said(Outcome::uncertain, Fault::none, "no reply"), true, false};
}
inline Turn breaks(bool done) {
  return {std::nullopt, done, true};
}

class FarBlog {
 public:
  enum class Call { find, prepare, publish, live_check };

  struct Post {
    std::string remote_id;
    std::string slug;
    std::string key;  // that it was created with
    bool visible = false;
  };

  publishers::Capabilities can{.find = true, .two_step = true};
  std::string url = "https://blog.example";

  // The next call of that kind without an answer yet gets `turn`.
  void next(Call call, Turn turn) {
    const std::lock_guard lock(mutex_);
    script_[call].push_back(std::move(turn));
  }
  // Calls of these kinds block from now on until let_go(), or until it is plain that nobody will say so.
  void keep_waiting(std::set<Call> calls = {Call::find, Call::prepare, Call::publish, Call::live_check}) {
    const std::lock_guard lock(mutex_);
    closed_ = std::move(calls);
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    closed_.clear();
    opened_.notify_all();
  }
  int calls_under_way() const {
    const std::lock_guard lock(mutex_);
    return under_way_;
  }
  int most_at_once() const {
    const std::lock_guard lock(mutex_);
    return most_at_once_;
  }

  std::vector<std::string> calls() const {  // "prepare hello", "publish b1", "live_check b1", "find hello"
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  std::size_t count(const std::string& verb) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        calls_.begin(), calls_.end(), [&](const std::string& call) { return call.starts_with(verb + ' '); }));
  }
  std::vector<std::string> keys() const {  // of find and prepare, in order
    const std::lock_guard lock(mutex_);
    return keys_;
  }
  std::vector<Post> posts() const {
    const std::lock_guard lock(mutex_);
    return posts_;
  }
  std::size_t visible(const std::string& slug) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::count_if(
        posts_.begin(), posts_.end(), [&](const Post& post) { return post.visible && post.slug == slug; }));
  }
  // Somebody over there throws it away.
  void lose(const std::string& slug) {
    const std::lock_guard lock(mutex_);
    std::erase_if(posts_, [&](const Post& post) { return post.slug == slug; });
  }
  std::string permalink(const std::string& slug) const { return url + '/' + slug + '/'; }

  Receipt find(const publishers::Edition& edition, const std::string& key, Found& found) {
    return answer(Call::find, "find " + edition.slug, &key, [&] {
      found = {};
      for (const Post& post : posts_) {
        if (post.slug != edition.slug || found.stage == Found::Stage::published) continue;
        found = {post.visible ? Found::Stage::published : Found::Stage::prepared, post.remote_id};
      }
      return Receipt::confirmed(found.remote_id, "");
    });
  }

  // Creates one more whenever it is asked, as most blogs do.
  Receipt prepare(const publishers::Edition& edition, const std::string& key) {
    return answer(Call::prepare, "prepare " + edition.slug, &key, [&] {
      posts_.push_back({"b" + std::to_string(posts_.size() + 1), edition.slug, key, false});
      return Receipt::confirmed(posts_.back().remote_id, "");
    });
  }

  Receipt publish(const publishers::Edition& edition, const std::string& remote_id) {
    return answer(Call::publish, "publish " + remote_id, nullptr, [&] {
      for (Post& post : posts_) {
        if (post.remote_id != remote_id) continue;
        post.visible = true;
        Receipt receipt = Receipt::confirmed(remote_id, permalink(edition.slug));
        for (const publishers::Asset& asset : edition.assets) {
          if (asset.bytes) receipt.asset_urls[asset.sha256] = url + "/assets/" + asset.name;
        }
        return receipt;
      }
      return Receipt::failed(Outcome::rejected, Fault::none, "404");
    });
  }

  Receipt live_check(const publishers::Edition& edition, const std::string& permalink) {
    return answer(Call::live_check, "live_check " + permalink, nullptr, [&] {
      const bool seen = std::any_of(posts_.begin(), posts_.end(), [&](const Post& post) {
        return post.visible && post.slug == edition.slug;
      });
      return seen ? Receipt::confirmed("", permalink)
                  : Receipt::failed(Outcome::deferred, Fault::none, "HTTP 404");
    });
  }

 private:
  template <class Truth>
  Receipt answer(Call call, std::string words, const std::string* key, Truth truth) {
    std::unique_lock lock(mutex_);
    calls_.push_back(std::move(words));
    if (key != nullptr) keys_.push_back(*key);
    most_at_once_ = std::max(most_at_once_, ++under_way_);
    opened_.wait_for(lock, std::chrono::seconds(20), [&] { return !closed_.contains(call); });
    --under_way_;
    Turn turn;
    if (auto& script = script_[call]; !script.empty()) {
      turn = std::move(script.front());
      script.pop_front();
    }
    const Receipt receipt = turn.done ? truth() : Receipt();
    if (turn.throws) throw std::logic_error("a bug in the publisher");
    return turn.says.value_or(receipt);
  }

  mutable std::mutex mutex_;
  std::condition_variable opened_;
  std::map<Call, std::deque<Turn>> script_;
  std::vector<std::string> calls_;
  std::vector<std::string> keys_;
  std::vector<Post> posts_;
  std::set<Call> closed_;
  int under_way_ = 0;
  int most_at_once_ = 0;
};

class ScriptedPublisher final : public publishers::PostPublisher {
 public:
  explicit ScriptedPublisher(FarBlog& blog) : blog_(blog) {}

  publishers::Capabilities capabilities() const override { return blog_.can; }
  std::optional<std::string> permalink(const std::string& slug) const override {
    return blog_.permalink(slug);
  }
  Receipt check() override { return Receipt::confirmed("", ""); }
  Receipt find(const publishers::Edition& edition, const std::string& key, Found& found) override {
    return blog_.find(edition, key, found);
  }
  Receipt prepare(const publishers::Edition& edition, const std::string& key) override {
    return blog_.prepare(edition, key);
  }
  Receipt publish(const publishers::Edition& edition, const std::string& remote_id) override {
    return blog_.publish(edition, remote_id);
  }
  Receipt update(const publishers::Edition&, const std::string&) override { return unasked(); }
  Receipt withdraw(const publishers::Edition&, const std::string&) override { return unasked(); }
  Receipt live_check(const publishers::Edition& edition, const std::string& permalink) override {
    return blog_.live_check(edition, permalink);
  }

 private:
  static Receipt unasked() { throw std::logic_error("nobody should call this"); }
  FarBlog& blog_;
};

}  // namespace support
