// What happens in the house, as server-sent events: each entry of the audit trail (`log`), each delivery
// whose state moved (`delivery`), and that the timeline is another one (`timeline`).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "admin/routes.h"

namespace admin {

class EventStream final : public Stream {
 public:
  // Goes on after the entry `after` of the audit trail; 0: from now on. Throws StoreFailure.
  EventStream(const House& house, std::int64_t after);
  std::string next() override;

 private:
  struct Seen {
    model::DeliveryState state = model::DeliveryState::waiting;
    int attempts = 0;
    model::Instant changed_at{};
    bool operator==(const Seen&) const = default;
  };
  std::map<model::DeliveryId, Seen> look_at_deliveries(std::string& out);

  const House& house_;
  std::int64_t last_entry_;
  std::shared_ptr<const planning::Timeline> timeline_;
  std::map<model::DeliveryId, Seen> deliveries_;
};

}  // namespace admin
