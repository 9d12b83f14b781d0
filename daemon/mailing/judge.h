// What a message's receipt means for the message, and what it means for the whole mailing: pure.
#pragma once

#include "publishers/receipt.h"
#include "store/store.h"

namespace mailing {

// `age`: since the message was first tried; one that is refused for now is tried until it is 72 h old.
store::MessageResult judge(model::MessageId message, const publishers::Receipt& receipt, model::Instant now,
                           model::milliseconds age);

// Counts refusals that are not the recipients' fault, so that a fault of ours does not burn a list.
class Alarm {
 public:
  enum class Verdict { go_on, pause, hold };
  // pause: the far end is away or wants less; hold: a person has to look.
  Verdict record(const publishers::Receipt& receipt);
  const std::string& why() const { return why_; }

 private:
  int refused_in_a_row_ = 0;
  std::string why_;
};

}  // namespace mailing
