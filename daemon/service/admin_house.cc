// The House that the API sees: each function hops to the house thread and waits for what became of it.
#include <future>
#include <map>
#include <utility>

#include <boost/asio/post.hpp>

#include "admin/delivery_verbs.h"
#include "mailing/who_left.h"
#include "publishers/email/suppression.h"
#include "service/answers.h"
#include "service/backup.h"
#include "service/content_folder.h"
#include "service/examination.h"
#include "service/rehearsal.h"
#include "service/service.h"
#include "service/stuck.h"

namespace service {

using admin::Answer;
using admin::Refusal;

namespace {

constexpr std::size_t kMostStuck = 100;

}  // namespace

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
      .left =
          [this] {
            return on_house<std::vector<admin::LeftFile>>([this](auto then) { filing_->left(then); });
          },
      .health =
          [this] {
            const std::string content = content_trouble(*config());
            return on_house<admin::Health>([this, content](auto then) {
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
              if (loaded_.config->rehearsal) health.rehearsal = rehearsal_text(*loaded_.config);
              health.content = content.empty() ? intake_->trouble() : content;
              health.at = clock_->now();
              // A full disk can still be read: only what was written shows that the store is well.
              store_->write(
                  [now = model::rfc3339(clock_->now())](store::Store& store) {
                    store.check();
                    store.set_setting("checked", now);
                    return store.stuck_deliveries(kMostStuck);
                  },
                  [health, then](const store::Result<store::Some<store::Stuck>>& result) mutable {
                    if (result) {
                      health.stuck = in_words(result->items);
                      health.stuck_count = result->all;
                    }
                    health.store = result ? "well" : result.error().what;
                    health.well = all_well(health);
                    then(std::move(health));
                  });
            });
          },
      .examine =
          [this] {
            return examine(setup_, true, [this](const mailing::MailChannel& channel) {
              return store_->read([&](store::Store& store) { return mailing::was_seen(store, channel); });
            });
          },
      .local_text = [this](const std::string& zone,
                           model::Instant at) { return zones_.local_text(zone, at); },
      .publish = [this](const admin::PublishOrder& order,
                        const admin::Caller& caller) { return publish(order, caller); },
      .delivery_verb = [this](const std::vector<model::DeliveryId>& ids, const std::string& verb,
                              const std::string& why,
                              const admin::Caller& caller) { return delivery_verb(ids, verb, why, caller); },
      .stop =
          [this](const admin::Caller& caller) {
            return on_house<Said>([this, caller](auto then) {
              const std::string done = "stopped: nothing more leaves until `fridayctl resume`";
              brake_->stop(
                  caller.who, clock_->now(),
                  [caller, done](store::Store& store) { caller.keep_done(store, done); },
                  [then, done](const store::Result<void>& result) { then(said(result, done)); });
            });
          },
      .resume =
          [this](const admin::Caller& caller) {
            return on_house<Said>([this, caller](auto then) {
              const std::string left = brake_->why_after_resume();
              const std::string done = left.empty() ? "at work again" : "still standing still: " + left;
              brake_->resume(
                  caller.who, clock_->now(),
                  [caller, done](store::Store& store) { caller.keep_done(store, done); },
                  [then, done](const store::Result<void>& result) { then(said(result, done)); });
            });
          },
      .reload =
          [this](const admin::Caller&) {
            return on_house<Said>([this](auto then) {
              reload([then](const std::string& fault) {
                if (fault.empty()) return then(std::string("the configuration was read again"));
                then(tl::unexpected(Refusal{422, "the configuration was not taken", fault}));
              });
            });
          },
      .rebuild = [this](const std::string& channel,
                        const admin::Caller& caller) { return rebuild(channel, caller); },
      .send_test = [this](model::DraftId draft, const std::string& key, const std::string& to,
                          const admin::Caller& caller) { return send_test(draft, key, to, caller); },
      .suppress = [this](const std::string& address,
                         const admin::Caller& caller) { return suppress(address, caller); },
      .backup =
          [this](const std::string& file, const admin::Caller& caller) {
            back_up_store(store_file(), file, clock_->now());
            return change([file, caller, now = clock_->now()](store::Store& store) {
              store.event({now, caller.who, "fridayd", "backup into " + file});
              std::string done = "the store was copied into " + file;
              caller.keep_done(store, done);
              return done;
            });
          },
      .change = [this](std::function<std::string(store::Store&)> work) { return change(std::move(work)); },
  };
}

Answer<std::string> Service::change(std::function<std::string(store::Store&)> work) {
  return on_house<Answer<std::string>>(
      [this, work = std::move(work)](auto then) { write_and_tell(work, then); });
}

Answer<std::string> Service::delivery_verb(const std::vector<model::DeliveryId>& ids, const std::string& verb,
                                           const std::string& why, const admin::Caller& caller) {
  const auto work = [ids, verb, why, caller, this](store::Store& store) {
    return admin::do_to_deliveries(store, ids, verb, why, caller, clock_->now());
  };
  if (verb != "hold" && verb != "cancel") return change(work);
  // What is being sent is taken back first, up to what is armed.
  std::vector<model::Delivery> deliveries;
  store_->read([&](store::Store& store) {
    for (const model::DeliveryId id : ids) {
      if (auto delivery = store.delivery(id)) deliveries.push_back(std::move(*delivery));
    }
  });
  return on_house<Answer<std::string>>([this, deliveries = std::move(deliveries), work](auto then) {
    mailer_->interrupt(deliveries, [this, work, then] { write_and_tell(work, then); });
  });
}

Answer<std::string> Service::rebuild(const std::string& channel, const admin::Caller& caller) {
  const std::string halted = on_house<std::string>([this](auto then) { then(brake_->why()); });
  if (!halted.empty()) return tl::unexpected(Refusal{409, "standing still", halted});
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
  boost::asio::post(workers_, [publisher, promise] {
    try {
      promise->set_value(publisher->rebuild());
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  const publishers::Receipt receipt = future.get();
  if (receipt.outcome != publishers::Outcome::confirmed) {
    return tl::unexpected(Refusal{409, "not rebuilt", receipt.reply});
  }
  return change([key, who = caller.who, reply = receipt.reply, now = clock_->now()](store::Store& store) {
    store.event({now, who, key, "site rebuilt: " + reply});
    return key + ": " + reply;
  });
}

Answer<std::string> Service::suppress(const std::string& address, const admin::Caller& caller) {
  std::map<std::filesystem::path, std::shared_ptr<mailing::MailChannel>> files;
  bool in_store = false;  // a channel without a file has nothing else to go by
  {
    const std::lock_guard lock(loaded_mutex_);
    in_store = loaded_.channels->mail.empty();
    for (const auto& [key, mail] : loaded_.channels->mail) {
      in_store = in_store || mail->settings.suppressed.empty();
      if (!mail->settings.suppressed.empty()) files.emplace(mail->settings.suppressed, mail);
    }
  }
  const auto parsed = publishers::parse_address(address);
  if (!parsed) {
    return tl::unexpected(
        Refusal{422, "no address", '"' + address + "\" is no mail address: " + parsed.error()});
  }
  for (const auto& [file, channel] : files) {
    // A new file would hide that the old one, with everybody else who left, got lost.
    const bool seen = store_->read([&](store::Store& store) { return mailing::was_seen(store, *channel); });
    if (!seen || std::filesystem::exists(file)) continue;
    return tl::unexpected(Refusal{409, "the list of those who left is missing",
                                  file.string() + " was there and is gone; put it back first"});
  }
  for (const auto& [file, channel] : files) {
    if (const auto why = publishers::SuppressionList::append(file, *parsed)) {
      return tl::unexpected(Refusal{503, "the list of those who left can't be written", *why});
    }
  }
  std::string done = parsed->text() + " gets no mail any more";
  for (const auto& [file, channel] : files) {
    done += (file == files.begin()->first ? ", as long as it stands in " : " and ") + file.string();
  }
  return change(
      [address = parsed->text(), done, files, in_store, caller, now = clock_->now()](store::Store& store) {
        for (const auto& [file, channel] : files) mailing::note_seen(store, *channel, 1);
        if (in_store) store.suppress(address, "suppressed by " + caller.who, now);
        store.event({now, caller.who, "fridayd", "suppressed " + address});
        caller.keep_done(store, done);
        return done;
      });
}

}  // namespace service
