#include "service/stuck.h"

namespace service {
namespace {

std::string todo_of(const model::Delivery& delivery) {
  const std::string id = delivery.id.text();
  const std::string give_up = "`fridayctl cancel " + id + "` gives it up";
  switch (delivery.state) {
    case model::DeliveryState::uncertain:
      return delivery.mail
                 ? "`fridayctl deliveries " + id +
                       "` names the messages; say of each `fridayctl settle MESSAGE --as accepted`, "
                       "failed or resend"
                 : "look whether it is there, then say `fridayctl settle " + id +
                       " --as accepted`, or failed";
    case model::DeliveryState::held:
      return "mend the cause, then say `fridayctl retry " + id + "` (or unhold, if nothing was wrong); " +
             give_up;
    default:
      return "mend the cause, then say `fridayctl retry " + id + "`; " + give_up;
  }
}

}  // namespace

admin::StuckDelivery in_words(const store::Stuck& stuck) {
  const model::Delivery& delivery = stuck.delivery;
  return {delivery.id,
          delivery.post,
          stuck.title,
          delivery.channel,
          std::string(model::face(delivery.state, delivery.mail)),
          delivery.reply,
          todo_of(delivery)};
}

std::vector<admin::StuckDelivery> in_words(const std::vector<store::Stuck>& stuck) {
  std::vector<admin::StuckDelivery> all;
  for (const store::Stuck& each : stuck) all.push_back(in_words(each));
  return all;
}

model::Problem problem_of(const admin::StuckDelivery& stuck) {
  std::string what = stuck.face;
  if (!stuck.why.empty()) what += ": " + stuck.why;
  return {stuck.title + ", " + stuck.post.text() + " to " + stuck.channel, 0, 0, what, stuck.todo, true};
}

admin::LeftFile left_file(const model::Draft& draft, const model::Post& post) {
  const std::string id = draft.id.text();
  if (post.state == model::PostState::cancelled) {
    return {id, draft.path, draft.head.title, "cancelled",
            "cancelled; edit it or `fridayctl publish " + id + "` to bring it back"};
  }
  return {
      id, draft.path, draft.head.title, "published",
      "published as " + post.id.text() + "; take it out of the folder, or edit it: then it is a new draft"};
}

}  // namespace service
