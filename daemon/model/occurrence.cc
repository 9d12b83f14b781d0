#include "model/occurrence.h"

namespace model {

std::string_view name(SlotState state) {
  switch (state) {
    case SlotState::open:
      return "open";
    case SlotState::filled:
      return "filled";
    case SlotState::empty:
      return "empty";
    case SlotState::skipped:
      return "skipped";
    case SlotState::missed:
      return "missed";
  }
  return "unknown";
}

}  // namespace model
