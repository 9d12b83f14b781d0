// The House that the API sees: each function hops to the house thread and waits for what became of it.
#include <future>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>

#include "mailing/freeze.h"
#include "mailing/send_test.h"
#include "publishers/email/suppression.h"
#include "service/service.h"

namespace service {
namespace {

using admin::Answer;
using admin::Refusal;

Refusal refusal(const store::StoreError& error) {
  switch (error.kind) {
    case store::Failure::not_found:
      return {404, "not found", error.what};
    case store::Failure::conflict:
    case store::Failure::stale_fence:
    case store::Failure::not_allowed:
      return {409, "not possible now", error.what};
    default:
      return {503, "the store is not well", error.what};
  }
}

template <class R>
Answer<R> answer(store::Result<R> result) {
  if (!result) return tl::unexpected(refusal(result.error()));
  return std::move(*result);
}

Answer<std::string> said(const store::Result<void>& result, std::string text) {
  if (!result) return tl::unexpected(refusal(result.error()));
  return text;
}

}  // namespace

// Called on an HTTP thread: `start` runs on the house thread and calls its argument there, once.
template <class R>
R Service::on_house(std::function<void(std::function<void(R)>)> start) {
  auto promise = std::make_shared<std::promise<R>>();
  std::future<R> future = promise->get_future();
  boost::asio::post(house_, [start = std::move(start), promise] {
    start([promise](R value) { promise->set_value(std::move(value)); });
  });
  return future.get();
}

admin::House Service::admin_house() {
  using Said = Answer<std::string>;
  return admin::House{
      .store = *store_,
      .clock = *clock_,
      .config = [this] { return config(); },
      .timeline = [this] { return timekeeper_->timeline(); },
      .timeline_for = [this](int weeks) { return timekeeper_->timeline_for(weeks); },
      .settling =
          [this] {
            return on_house<std::vector<admin::SettlingFile>>(
                [this](auto then) { then(filing_->settling()); });
          },
      .health =
          [this] {
            return on_house<admin::Health>([this](auto then) {
              admin::Health health;
              health.channels = checks_->results();
              for (admin::ChannelHealth& channel : health.channels) {
                const dispatch::Breaker* breaker = dispatcher_->breaker(channel.key);
                if (breaker == nullptr || breaker->lets_through(clock_->now())) continue;
                channel.well = false;
                channel.breaker =
                    breaker->needs_person()
                        ? "refused us; mend its credentials, then `fridayctl reload` (`systemctl restart "
                          "fridayd` for a systemd credential)"
                        : "nobody answered; tried again at " + model::rfc3339(breaker->open_until());
              }
              health.halted = brake_->why();
              health.version = FRIDAYD_VERSION;
              health.started = started_;
              if (loaded_.config->rehearsal)
                health.rehearsal = "all mail goes to " + loaded_.config->rehearsal->to;
              // A full disk can still be read: only what was written shows that the store is well.
              store_->write(
                  [now = model::rfc3339(clock_->now())](store::Store& store) {
                    store.check();
                    store.set_setting("checked", now);
                  },
                  [health, then](const store::Result<void>& result) mutable {
                    health.store = result ? "well" : result.error().what;
                    health.well = result.has_value() && health.halted.empty();
                    for (const auto& channel : health.channels) health.well = health.well && channel.well;
                    then(std::move(health));
                  });
            });
          },
      .local_text = [this](const std::string& zone, model::Instant at) { return local_text(zone, at); },
      .publish = [this](const admin::PublishOrder& order,
                        const std::string& who) { return publish(order, who); },
      .delivery_verb = [this](model::DeliveryId id, const std::string& verb, const std::string& why,
                              const std::string& who) { return delivery_verb(id, verb, why, who); },
      .stop =
          [this](const std::string& who) {
            return on_house<Said>([this, who](auto then) {
              brake_->stop(who, clock_->now(), [then](const store::Result<void>& result) {
                then(said(result, "stopped: nothing more leaves until `fridayctl resume`"));
              });
            });
          },
      .resume =
          [this](const std::string& who) {
            return on_house<Said>([this, who](auto then) {
              brake_->resume(who, clock_->now(), [this, then](const store::Result<void>& result) {
                then(said(result,
                          brake_->halted() ? "still standing still: " + brake_->why() : "at work again"));
              });
            });
          },
      .reload =
          [this](const std::string&) {
            return on_house<Said>([this](auto then) {
              reload([then](const std::string& fault) {
                if (fault.empty()) return then(std::string("the configuration was read again"));
                then(tl::unexpected(Refusal{422, "the configuration was not taken", fault}));
              });
            });
          },
      .rebuild = [this](const std::string& channel, const std::string& who) { return rebuild(channel, who); },
      .send_test = [this](model::DraftId draft, const std::string& key, const std::string& to,
                          const std::string& who) { return send_test(draft, key, to, who); },
      .suppress = [this](const std::string& address,
                         const std::string& who) { return suppress(address, who); },
      .backup =
          [this](const std::string& file, const std::string& who) {
            back_up(file, clock_->now());
            return change([file, who, now = clock_->now()](store::Store& store) {
              store.event({now, who, "fridayd", "backup into " + file});
              return "the store was copied into " + file;
            });
          },
      .change = [this](std::function<std::string(store::Store&)> work) { return change(std::move(work)); },
  };
}

Answer<std::string> Service::change(std::function<std::string(store::Store&)> work) {
  return on_house<Answer<std::string>>([this, work = std::move(work)](auto then) {
    store_->write(work, [this, then](store::Result<std::string> result) {
      nudge_all();
      then(answer(std::move(result)));
    });
  });
}

Answer<admin::PublishPlan> Service::publish(const admin::PublishOrder& order, const std::string& who) {
  using Plan = Answer<admin::PublishPlan>;
  Plan plan = on_house<Plan>([this, order, who](auto then) {
    rendering::PostRequest request{order.draft, order.occurrence, clock_->now(), false, "", order.channels};
    maker_->make(request, clock_->now(), [this, order, who, then](rendering::PostMaker::Made made) {
      if (!made) return then(tl::unexpected(Refusal{422, "it can't be published", made.error().what}));
      admin::PublishPlan planned;
      planned.title = made->title;
      planned.slug = made->slug;
      planned.permalink = made->permalink;
      if (made->occurrence) planned.slot = made->occurrence->text();
      for (const store::NewDelivery& delivery : made->deliveries) {
        planned.channels.push_back(
            {delivery.channel, loaded_.config->channels.at(delivery.channel).kind, delivery.mail, 0, 0});
      }
      if (order.dry_run) return then(std::move(planned));
      store_->write(
          [post = std::move(*made), who, now = clock_->now()](store::Store& store) {
            const auto draft = store.draft(post.draft);
            if (draft->state == model::DraftState::problem ||
                draft->state == model::DraftState::quarantined) {
              throw store::StoreFailure(store::Failure::not_allowed,
                                        draft->path + " has a problem: mend it first");
            }
            const model::PostId id = store.fill(post, now);
            store.event({now, who, id.text(), "published by hand"});
            return id;
          },
          [this, planned, then](store::Result<model::PostId> id) mutable {
            nudge_all();
            if (!id) return then(tl::unexpected(refusal(id.error())));
            planned.post = *id;
            then(std::move(planned));
          });
    });
  });
  if (!plan) return plan;
  for (admin::PublishPlan::Channel& channel : plan->channels) {
    if (!channel.mail) continue;
    std::shared_ptr<mailing::MailChannel> mail;
    {
      const std::lock_guard lock(loaded_mutex_);
      const auto found = loaded_.channels->mail.find(channel.key);
      if (found != loaded_.channels->mail.end()) mail = found->second;
    }
    if (!mail) continue;
    try {
      std::tie(channel.recipients, channel.left_out) = mailing::count_recipients(*mail);
    } catch (const std::exception& error) {
      return tl::unexpected(Refusal{409, "the recipients can't be read", error.what()});
    }
  }
  return plan;
}

Answer<std::string> Service::delivery_verb(model::DeliveryId id, const std::string& verb,
                                           const std::string& why, const std::string& who) {
  const std::string reason = why.empty() ? "by " + who : why + " (" + who + ')';
  const auto work = [id, verb, reason, who, this](store::Store& store) {
    const model::Instant now = clock_->now();
    if (verb == "hold") store.hold(id, "held " + reason, now);
    if (verb == "unhold") store.unhold(id, now);
    if (verb == "cancel") store.cancel(id, "cancelled " + reason, now);
    if (verb == "retry") store.retry(id, now);
    store.event({now, who, id.text(), verb + (verb == "hold" || verb == "cancel" ? ": " + reason : "")});
    const auto delivery = store.delivery(id);
    return id.text() + " is " + std::string(model::face(delivery->state, delivery->mail));
  };
  if (verb != "hold" && verb != "cancel") return change(work);
  // What is being sent is taken back first, up to what is armed.
  return on_house<Answer<std::string>>([this, id, work](auto then) {
    mailer_->interrupt(id, [this, work, then] {
      store_->write(work, [this, then](store::Result<std::string> result) {
        nudge_all();
        then(answer(std::move(result)));
      });
    });
  });
}

Answer<std::string> Service::rebuild(const std::string& channel, const std::string& who) {
  std::shared_ptr<publishers::PostPublisher> publisher;
  std::string key = channel;
  {
    const std::lock_guard lock(loaded_mutex_);
    std::string candidates;
    for (const auto& [name, each] : loaded_.channels->posts) {
      if (channel.empty() ? !each->capabilities().index : name != channel) continue;
      candidates += (candidates.empty() ? "" : ", ") + name;
      publisher = each;
      key = name;
    }
    if (candidates != key && publisher) {
      return tl::unexpected(Refusal{409, "several channels keep a site", "say which: " + candidates});
    }
  }
  if (!publisher)
    return tl::unexpected(Refusal{404, "not found", "no channel \"" + channel + "\" keeps a site"});
  // On a worker, like every call of a publisher.
  auto promise = std::make_shared<std::promise<publishers::Receipt>>();
  auto future = promise->get_future();
  boost::asio::post(workers_, [publisher, promise] { promise->set_value(publisher->rebuild()); });
  const publishers::Receipt receipt = future.get();
  if (receipt.outcome != publishers::Outcome::confirmed) {
    return tl::unexpected(Refusal{409, "not rebuilt", receipt.reply});
  }
  return change([key, who, reply = receipt.reply, now = clock_->now()](store::Store& store) {
    store.event({now, who, key, "site rebuilt: " + reply});
    return key + ": " + reply;
  });
}

Answer<std::string> Service::send_test(model::DraftId draft, const std::string& key, const std::string& to,
                                       const std::string& who) {
  using Said = Answer<std::string>;
  return on_house<Said>([this, draft, key, to, who](auto then) {
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
    maker_->make(request, clock_->now(), [this, channel, to, who, then](rendering::PostMaker::Made made) {
      if (!made) return then(tl::unexpected(Refusal{422, "it can't be sent", made.error().what}));
      mailing::send_test(channel, made->deliveries.front().edition, to, clock_->now(),
                         [then, to](const publishers::Receipt& receipt) {
                           if (receipt.outcome == publishers::Outcome::confirmed) {
                             return then("the test mail was accepted for " + to);
                           }
                           then(tl::unexpected(Refusal{409, "not sent", receipt.reply}));
                         });
    });
  });
}

Answer<std::string> Service::suppress(const std::string& address, const std::string& who) {
  std::vector<std::filesystem::path> files;
  {
    const std::lock_guard lock(loaded_mutex_);
    for (const auto& [key, mail] : loaded_.channels->mail) {
      if (!mail->settings.suppressed.empty()) files.push_back(mail->settings.suppressed);
    }
  }
  const auto parsed = publishers::parse_address(address);
  if (!parsed) {
    return tl::unexpected(
        Refusal{422, "no address", '"' + address + "\" is no mail address: " + parsed.error()});
  }
  for (const std::filesystem::path& file : files) {
    if (const auto why = publishers::SuppressionList::append(file, *parsed)) {
      return tl::unexpected(Refusal{503, "the list of those who left can't be written", *why});
    }
  }
  return change([address = parsed->text(), who, now = clock_->now()](store::Store& store) {
    store.suppress(address, "suppressed by " + who, now);
    store.event({now, who, "fridayd", "suppressed " + address});
    return address + " is never written to again";
  });
}

}  // namespace service
