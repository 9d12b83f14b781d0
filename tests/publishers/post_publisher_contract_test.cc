// What every kind of PostPublisher promises, whatever it speaks to. A new kind joins with a Stand of its
// own and one line at the end of this file.
#include <gmock/gmock.h>

#include <functional>
#include <memory>

#include "publishers/blog/static_site/static_site.h"
#include "publishers/post_publisher.h"
#include "support/shelf.h"
#include "support/site_folder.h"

namespace publishers {
namespace {

// A far end, and what can be seen of it without asking the publisher.
class Stand {
 public:
  virtual ~Stand() = default;
  virtual PostPublisher& publisher() = 0;
  // A new publisher on the same far end, as after a restart.
  virtual void restart() = 0;
  // Somebody else's page takes the post's address.
  virtual void occupy(const Edition& edition) = 0;
  // What readers get at an address; empty if nothing.
  virtual std::string seen_at(const std::string& permalink) = 0;
  // How many posts readers can find.
  virtual std::size_t posts_seen() = 0;

  support::MemoryShelf shelf;
};

class StaticSiteStand final : public Stand {
 public:
  StaticSiteStand() { restart(); }

  PostPublisher& publisher() override { return *site_; }

  void restart() override {
    site_ = std::make_unique<StaticSite>(folder_.settings(),
                                         Surroundings{folder_.site(), folder_.theme(), shelf});
  }

  void occupy(const Edition& edition) override { folder_.put(edition.slug + "/index.html", "<p>mine</p>"); }

  std::string seen_at(const std::string& permalink) override {
    return folder_.get(permalink.substr(folder_.settings().url.size() + 1) + "index.html");
  }

  std::size_t posts_seen() override {
    std::size_t pages = 0;
    for (const auto& [path, bytes] : folder_.served()) {
      if (path.ends_with("/index.html")) ++pages;
    }
    return pages;
  }

 private:
  support::SiteFolder folder_;
  std::unique_ptr<StaticSite> site_;
};

struct Case {
  const char* name;
  std::function<std::unique_ptr<Stand>()> make;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class PostPublisherContract : public testing::TestWithParam<Case> {
 protected:
  PostPublisher& publisher() { return stand_->publisher(); }

  Found find(const Edition& edition) {
    Found found;
    EXPECT_EQ(publisher().find(edition, kKey, found).outcome, Outcome::confirmed);
    return found;
  }

  Receipt prepared(const Edition& edition) {
    Receipt receipt = publisher().prepare(edition, kKey);
    EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
    return receipt;
  }

  Receipt published(const Edition& edition) {
    Receipt receipt = publisher().publish(edition, prepared(edition).remote_id);
    EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
    if (receipt.outcome == Outcome::confirmed) stand_->shelf.put(edition);
    return receipt;
  }

  static constexpr const char* kKey = "delivery-1";
  std::unique_ptr<Stand> stand_ = GetParam().make();
  const Edition post_ =
      support::with_image(support::sample_edition(1, "trust"), support::png("chart.png", "PNG-bytes"));
};

TEST_P(PostPublisherContract, ChecksWithoutChangingAnything) {
  const Receipt receipt = publisher().check();
  EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
  EXPECT_NE(receipt.reply, "");
  EXPECT_EQ(stand_->posts_seen(), 0U);
}

TEST_P(PostPublisherContract, PreparesTwiceUnderOneIdAndShowsNothing) {
  if (!publisher().capabilities().two_step) GTEST_SKIP() << "publishes in one step";
  const Receipt first = prepared(post_);
  EXPECT_NE(first.remote_id, "");
  stand_->restart();
  EXPECT_EQ(prepared(post_).remote_id, first.remote_id);
  EXPECT_EQ(stand_->posts_seen(), 0U);
}

TEST_P(PostPublisherContract, PublishesWhatWasPreparedOnce) {
  const Receipt first = published(post_);
  EXPECT_EQ(first.fault, Fault::none);
  EXPECT_EQ(stand_->posts_seen(), 1U);
  const std::string seen = stand_->seen_at(first.permalink);
  EXPECT_THAT(seen, testing::HasSubstr(post_.title));

  stand_->restart();
  const Receipt second = publisher().publish(post_, first.remote_id);
  EXPECT_EQ(second.outcome, Outcome::confirmed);
  EXPECT_EQ(second.remote_id, first.remote_id);
  EXPECT_EQ(second.permalink, first.permalink);
  EXPECT_EQ(stand_->posts_seen(), 1U);
  EXPECT_EQ(stand_->seen_at(first.permalink), seen);
}

TEST_P(PostPublisherContract, ReceiptsSayWhereThePostAndItsAssetsAre) {
  const Receipt receipt = published(post_);
  EXPECT_TRUE(receipt.permalink.starts_with("https://") || receipt.permalink.starts_with("http://"));
  ASSERT_EQ(receipt.asset_urls.count(post_.image), 1U);
  EXPECT_EQ(stand_->seen_at(receipt.permalink).find("asset:"), std::string::npos);
  EXPECT_THAT(stand_->seen_at(receipt.permalink), testing::HasSubstr(receipt.asset_urls.at(post_.image)));
  if (const auto beforehand = publisher().permalink(post_.slug)) {
    EXPECT_EQ(*beforehand, receipt.permalink);
  }
}

TEST_P(PostPublisherContract, FindsThePostAtEachStage) {
  if (!publisher().capabilities().find) GTEST_SKIP() << "cannot find";
  EXPECT_EQ(find(post_).stage, Found::Stage::absent);
  EXPECT_EQ(find(post_).remote_id, "");
  const std::string remote_id = prepared(post_).remote_id;
  stand_->restart();
  EXPECT_EQ(find(post_).stage, Found::Stage::prepared);
  EXPECT_EQ(find(post_).remote_id, remote_id);
  publisher().publish(post_, remote_id);
  stand_->restart();
  EXPECT_EQ(find(post_).stage, Found::Stage::published);
  EXPECT_EQ(find(post_).remote_id, remote_id);
  if (!publisher().capabilities().withdraw) return;
  publisher().withdraw(post_, remote_id);
  EXPECT_EQ(find(post_).stage, Found::Stage::absent);
}

TEST_P(PostPublisherContract, DoesNotTakeAnothersPostForItsOwn) {
  published(post_);
  Edition other = support::sample_edition(2, post_.slug);
  if (publisher().capabilities().find) {
    EXPECT_EQ(find(other).stage, Found::Stage::absent);
  }
}

TEST_P(PostPublisherContract, NeverOverwritesAnothersPage) {
  if (!publisher().permalink(post_.slug)) GTEST_SKIP() << "the far end gives the addresses";
  stand_->occupy(post_);
  const std::string permalink = *publisher().permalink(post_.slug);
  const std::string before = stand_->seen_at(permalink);
  const Receipt refused = publisher().prepare(post_, kKey);
  EXPECT_EQ(refused.outcome, Outcome::rejected);
  EXPECT_EQ(refused.fault, Fault::permanent_content);
  EXPECT_THAT(refused.reply, testing::HasSubstr(permalink));
  EXPECT_EQ(stand_->seen_at(permalink), before);
}

TEST_P(PostPublisherContract, UpdatesInPlace) {
  if (!publisher().capabilities().update) GTEST_SKIP() << "cannot update";
  const Receipt first = published(post_);
  const Edition second = support::revised(post_, "<p>Said better.</p>\n");
  const Receipt receipt = publisher().update(second, first.remote_id);
  EXPECT_EQ(receipt.outcome, Outcome::confirmed) << receipt.reply;
  EXPECT_EQ(receipt.remote_id, first.remote_id);
  EXPECT_EQ(receipt.permalink, first.permalink);
  EXPECT_THAT(stand_->seen_at(first.permalink), testing::HasSubstr("Said better."));
  EXPECT_EQ(stand_->posts_seen(), 1U);
  EXPECT_EQ(publisher().update(second, first.remote_id).outcome, Outcome::confirmed);
}

TEST_P(PostPublisherContract, WithdrawsOnceAndAgain) {
  if (!publisher().capabilities().withdraw) GTEST_SKIP() << "cannot withdraw";
  const Receipt first = published(post_);
  EXPECT_EQ(publisher().withdraw(post_, first.remote_id).outcome, Outcome::confirmed);
  EXPECT_EQ(stand_->posts_seen(), 0U);
  EXPECT_EQ(stand_->seen_at(first.permalink), "");
  EXPECT_EQ(publisher().withdraw(post_, first.remote_id).outcome, Outcome::confirmed);
}

TEST_P(PostPublisherContract, ConfirmsAPostAsLiveOnlyOnceItIs) {
  const Receipt first = prepared(post_);
  EXPECT_NE(publisher().live_check(post_, first.permalink).outcome, Outcome::confirmed);
  publisher().publish(post_, first.remote_id);
  EXPECT_EQ(publisher().live_check(post_, first.permalink).outcome, Outcome::confirmed);
  const Edition next = support::revised(post_, "<p>Next.</p>\n");
  EXPECT_NE(publisher().live_check(next, first.permalink).outcome, Outcome::confirmed);
}

TEST_P(PostPublisherContract, RebuildsOnlyWhatItCan) {
  published(post_);
  const Receipt receipt = publisher().rebuild();
  EXPECT_EQ(receipt.outcome, publisher().capabilities().index ? Outcome::confirmed : Outcome::rejected);
  EXPECT_EQ(stand_->posts_seen(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Kinds, PostPublisherContract,
                         testing::Values(Case{"static_site",
                                              [] { return std::make_unique<StaticSiteStand>(); }}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace publishers
