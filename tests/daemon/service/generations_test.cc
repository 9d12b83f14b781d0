#include "service/generations.h"

#include <gtest/gtest.h>

#include "service/state_folder.h"
#include "support/store_thread_fixture.h"

namespace service {
namespace {

namespace fs = std::filesystem;

class GenerationsTest : public support::StoreThreadFixture {
 protected:
  GenerationsTest() {
    start();
    fs::create_directory(state_);
    generations_.emplace(house_.get_executor(), workers_, *thread_, state_);
  }
  ~GenerationsTest() override { workers_.join(); }
  std::int64_t in_store() {
    return thread_->read([](store::Store& store) { return store.generation(); });
  }
  void written(std::int64_t generation) {
    run_until([&] { return read_generation(state_) == generation; });
  }

  const fs::path state_ = folder_ / "state";
  boost::asio::thread_pool workers_{1};
  std::optional<Generations> generations_;
};

TEST_F(GenerationsTest, StoreAndFolderGoTogether) {
  generations_->raise();
  written(1);
  EXPECT_EQ(in_store(), 1);
  generations_->raise();
  written(2);
  EXPECT_EQ(in_store(), 2);
}

TEST_F(GenerationsTest, WhatIsAskedForMeanwhileIsOneMore) {
  for (int i = 0; i < 5; ++i) generations_->raise();
  written(2);
  EXPECT_EQ(in_store(), 2);
}

TEST_F(GenerationsTest, TheStoreIsNeverMoreThanOneAhead) {
  fs::remove_all(state_);
  for (int i = 1; i <= 3; ++i) {
    generations_->raise();
    run_until([&] { return in_store() == 1; });
  }
  fs::create_directory(state_);
  run_until([&] {
    generations_->raise();
    return read_generation(state_).has_value();
  });
  EXPECT_LE(in_store() - *read_generation(state_), 1);
}

}  // namespace
}  // namespace service
