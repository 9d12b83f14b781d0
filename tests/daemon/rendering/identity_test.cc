#include "rendering/identity.h"

#include <gtest/gtest.h>

namespace rendering {
namespace {

TEST(Identity, AUlidIsItsTimeThenItsRandomness) {
  const std::uint8_t zeros[10] = {};
  const std::uint8_t ones[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
  // The example instant of the ULID specification: 1469918176385 ms.
  const model::Instant at{model::milliseconds(1469918176385)};
  EXPECT_EQ(ulid(at, zeros), "01ARYZ6S410000000000000000");
  EXPECT_EQ(ulid(at, ones), "01ARYZ6S41ZZZZZZZZZZZZZZZZ");
}

TEST(Identity, FreshUlidsDiffer) {
  const model::Instant at{};
  EXPECT_NE(fresh_ulid(at), fresh_ulid(at));
}

TEST(Identity, AMarkerNamesPostAndRevisionUnderTheSitesKey) {
  const std::string mark = marker("key", "01ARYZ6S410000000000000000", 2);
  EXPECT_EQ(mark.substr(0, 29), "01ARYZ6S410000000000000000.2.");
  EXPECT_EQ(mark.size(), 29u + 16u);
  EXPECT_NE(mark, marker("other key", "01ARYZ6S410000000000000000", 2));
}

TEST(Identity, ADeliverysKeyIsTheSameOnEveryAttemptAndAnotherOnEachChannel) {
  EXPECT_EQ(delivery_key("key", "pid", "blog"), delivery_key("key", "pid", "blog"));
  EXPECT_NE(delivery_key("key", "pid", "blog"), delivery_key("key", "pid", "mail"));
}

}  // namespace
}  // namespace rendering
