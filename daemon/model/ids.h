// Typed ids, stable for ever: d12 a draft, p7 a post, v31 a delivery, m31/204 a message (delivery and
// subscriber).
#pragma once

#include <charconv>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace model {

template <char Prefix>
struct Id {
  std::int64_t value = 0;  // from 1; 0: none

  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
  std::string text() const { return Prefix + std::to_string(value); }

  static std::optional<Id> parse(std::string_view text) {
    if (text.size() < 2 || text.front() != Prefix) return std::nullopt;
    Id id;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), id.value);
    if (error != std::errc() || end != text.data() + text.size() || id.value <= 0) return std::nullopt;
    return id;
  }
};

using DraftId = Id<'d'>;
using PostId = Id<'p'>;
using DeliveryId = Id<'v'>;
using SubscriberId = Id<'s'>;

struct MessageId {
  DeliveryId delivery;
  SubscriberId subscriber;

  auto operator<=>(const MessageId&) const = default;
  std::string text() const {
    return 'm' + std::to_string(delivery.value) + '/' + std::to_string(subscriber.value);
  }
  static std::optional<MessageId> parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || text.front() != 'm') return std::nullopt;
    const auto delivery = DeliveryId::parse('v' + std::string(text.substr(1, slash - 1)));
    const auto subscriber = SubscriberId::parse('s' + std::string(text.substr(slash + 1)));
    if (!delivery || !subscriber) return std::nullopt;
    return MessageId{*delivery, *subscriber};
  }
};

}  // namespace model
