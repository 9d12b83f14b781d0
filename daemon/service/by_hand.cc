// What people publish and send by hand.
#include <tuple>
#include <utility>

#include "admin/json.h"
#include "mailing/compose.h"
#include "mailing/freeze.h"
#include "mailing/send_test.h"
#include "mailing/who_left.h"
#include "publishers/email/suppression.h"
#include "service/answers.h"
#include "service/service.h"

namespace service {

using admin::Answer;
using admin::Refusal;

struct Service::Planned {
  admin::PublishPlan plan;
  store::NewPost post;
};

namespace {

// The same for a trial as for the deed, so that a trial says what the deed would be refused for.
void check(store::Store& store, const store::NewPost& post) {
  store.check_fill(post);
  const auto draft = store.draft(post.draft);
  if (draft->state == model::DraftState::problem || draft->state == model::DraftState::quarantined) {
    throw store::StoreFailure(store::Failure::not_allowed, draft->path + " has a problem: mend it first");
  }
}

}  // namespace

Answer<Service::Planned> Service::plan_post(const admin::PublishOrder& order) {
  using Plan = Answer<Planned>;
  return on_house<Plan>([this, order](auto then) {
    rendering::PostRequest request{order.draft, order.occurrence, clock_->now(), false, "", order.channels};
    // A reload in between may take channels away; the post is made for those that are there now.
    const auto config = loaded_.config;
    maker_->make(request, clock_->now(), [config, then](rendering::PostMaker::Made made) {
      if (!made) return then(tl::unexpected(Refusal{422, "it can't be published", made.error().what}));
      Planned planned;
      planned.plan.title = made->title;
      planned.plan.slug = made->slug;
      planned.plan.permalink = made->permalink;
      if (made->occurrence) planned.plan.slot = made->occurrence->text();
      for (const store::NewDelivery& delivery : made->deliveries) {
        planned.plan.channels.push_back(
            {delivery.channel, config->channels.at(delivery.channel).kind, delivery.mail, 0, 0});
      }
      planned.post = std::move(*made);
      then(std::move(planned));
    });
  });
}

std::shared_ptr<mailing::MailChannel> Service::mail_channel(const std::string& key) {
  const std::lock_guard lock(loaded_mutex_);
  const auto found = loaded_.channels->mail.find(key);
  return found == loaded_.channels->mail.end() ? nullptr : found->second;
}

// What may be refused is asked for first: a refusal changes nothing.
Answer<admin::PublishPlan> Service::publish(const admin::PublishOrder& order, const admin::Caller& caller) {
  Answer<Planned> planned = plan_post(order);
  if (!planned) return tl::unexpected(planned.error());
  planned->plan.aftermath = timekeeper_->after_publishing(order.draft, order.occurrence);
  for (admin::PublishPlan::Channel& channel : planned->plan.channels) {
    const auto mail = channel.mail ? mail_channel(channel.key) : nullptr;
    if (!mail) continue;
    try {
      const bool seen = store_->read([&](store::Store& store) { return mailing::was_seen(store, *mail); });
      std::tie(channel.recipients, channel.left_out) = mailing::count_recipients(*mail, seen);
    } catch (const std::exception& error) {
      return tl::unexpected(Refusal{409, "the recipients can't be read", error.what()});
    }
  }
  if (order.dry_run) {
    store_->read([&](store::Store& store) { check(store, planned->post); });
    return std::move(planned->plan);
  }
  using Plan = Answer<admin::PublishPlan>;
  return on_house<Plan>([this, planned = std::move(*planned), caller](auto then) {
    for (const admin::PublishPlan::Channel& channel : planned.plan.channels) {
      if (loaded_.config->channels.contains(channel.key)) continue;
      return then(tl::unexpected(Refusal{409, "not possible now",
                                         '"' + channel.key + "\" was just taken out of the configuration"}));
    }
    write_and_tell(
        [planned, caller, now = clock_->now()](store::Store& store) {
          check(store, planned.post);
          admin::PublishPlan plan = planned.plan;
          plan.post = store.fill(planned.post, now);
          store.event({now, caller.who, plan.post.text(), "published by hand"});
          if (caller.keep) caller.keep(store, admin::json_of(plan));
          return plan;
        },
        then);
  });
}

// Who left gets no trial either. Not on the house thread: the file may be long.
std::string Service::why_suppressed(const std::string& key, const publishers::Address& address) {
  if (store_->read([&](store::Store& store) { return store.suppressed(address.text()); })) {
    return "was suppressed by hand";
  }
  std::shared_ptr<mailing::MailChannel> channel;
  {
    const std::lock_guard lock(loaded_mutex_);
    const auto& mail = loaded_.channels->mail;
    const auto found = key.empty() ? mail.begin() : mail.find(key);
    if (found != mail.end()) channel = found->second;
  }
  if (!channel || channel->settings.suppressed.empty()) return "";
  const std::filesystem::path& file = channel->settings.suppressed;
  publishers::SuppressionList list(file);
  if (store_->read([&](store::Store& store) { return mailing::was_seen(store, *channel); })) list.was_there();
  if (const auto fault = list.refresh()) return "can't be looked up among those who left: " + *fault;
  return list.contains(address) ? "stands in " + file.string() + "; take it out there to write to it" : "";
}

std::optional<std::string> Service::rehearsed_to() {
  const std::lock_guard lock(loaded_mutex_);
  if (!loaded_.config->rehearsal) return std::nullopt;
  return loaded_.config->rehearsal->to;
}

Answer<std::string> Service::send_test(model::DraftId draft, const std::string& key, const std::string& to,
                                       const admin::Caller&) {
  using Said = Answer<std::string>;
  if (const auto only = rehearsed_to(); only && *only != to) {
    return tl::unexpected(Refusal{409, "not sent", "this is a rehearsal: all mail goes to " + *only});
  }
  if (const auto address = publishers::parse_address(to)) {
    const std::string why = why_suppressed(key, *address);
    if (!why.empty()) return tl::unexpected(Refusal{409, "not sent", address->text() + ' ' + why});
  }
  return on_house<Said>([this, draft, key, to](auto then) {
    const auto& mail = loaded_.channels->mail;
    const auto found = key.empty() ? mail.begin() : mail.find(key);
    if (found == mail.end()) {
      return then(tl::unexpected(
          Refusal{404, "not found",
                  key.empty() ? "no mail channel is configured" : '"' + key + "\" is no mail channel"}));
    }
    if (brake_->halted()) return then(tl::unexpected(Refusal{409, "standing still", brake_->why()}));
    const auto channel = found->second;
    rendering::PostRequest request{draft, std::nullopt, clock_->now(), false, "", {channel->key}};
    maker_->make(request, clock_->now(), [this, channel, to, then](rendering::PostMaker::Made made) {
      if (!made) return then(tl::unexpected(Refusal{422, "it can't be sent", made.error().what}));
      store_->write(
          [channel, edition = std::move(made->deliveries.front().edition)](store::Store& store) {
            return mailing::with_bytes(*channel, edition,
                                       [&](const std::string& sha256) { return store.blob(sha256); });
          },
          [this, channel, to, then](store::Result<publishers::Edition> edition) {
            if (!edition) return then(tl::unexpected(refusal(edition.error())));
            mailing::send_test(channel, *edition, to, clock_->now(),
                               [then, to](const publishers::Receipt& receipt) {
                                 if (receipt.outcome == publishers::Outcome::confirmed) {
                                   return then("the test mail was accepted for " + to);
                                 }
                                 then(tl::unexpected(Refusal{409, "not sent", receipt.reply}));
                               });
          });
    });
  });
}

}  // namespace service
