#include "rendering/post_maker.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>

#include "rendering/attempts.h"
#include "rendering/identity.h"
#include "runtime/crash_point.h"

namespace rendering {
namespace {

struct Loaded {
  model::Draft draft;
  store::DraftText text;
  std::string site_key;
  int number = 0;
  std::string refused;  // why it is not to be rendered
};

}  // namespace

struct PostMaker::Job {
  PostRequest request;
  model::Instant now{};
  Loaded loaded;
  std::shared_ptr<const config::Config> config;
  std::map<std::string, ChannelFacts> channels;
  Almanac almanac;
};

namespace {

using Job = PostMaker::Job;

// The keys of the channels that the post goes to, in the order in which they follow each other.
std::vector<std::string> channel_keys(const Job& job, const config::Series& series) {
  const std::vector<std::string>& own = job.loaded.draft.head.channels;
  std::vector<std::string> keys = !job.request.channels.empty() ? job.request.channels
                                  : !own.empty()                ? own
                                                                : series.channels;
  std::set<std::string> taken;
  std::erase_if(keys, [&](const std::string& key) {
    const auto channel = job.config->channels.find(key);
    const bool open = channel != job.config->channels.end() && channel->second.enabled;
    return !open || !taken.insert(key).second;
  });
  return keys;
}

std::string planned_permalink(const Job& job, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    const auto facts = job.channels.find(key);
    if (facts == job.channels.end() || !facts->second.permalink) continue;
    if (auto address = facts->second.permalink(job.loaded.draft.head.slug)) return *address;
  }
  return {};
}

store::NewDelivery delivery_for(const Job& job, const std::string& key, const config::Series& series,
                                const std::vector<std::string>& keys, const store::NewPost& post,
                                const publishers::Edition& edition) {
  const config::Channel& channel = job.config->channels.at(key);
  store::NewDelivery delivery;
  delivery.channel = key;
  delivery.mail = job.channels.at(key).mail;
  delivery.key = delivery_key(job.loaded.site_key, post.pid, key);
  // A channel that the post does not go to is not waited for.
  if (std::find(keys.begin(), keys.end(), channel.after) != keys.end()) delivery.after = channel.after;
  delivery.delay = channel.delay;
  if (!channel.at.empty())
    delivery.not_before = job.almanac.hour_on_day(series.zone, post.due_at, channel.at);
  if (!delivery.after.empty()) {
    delivery.blog_deadline = std::max(post.due_at, job.now) + series.blog_deadline;
    delivery.if_blog_fails = series.if_blog_fails == config::IfBlogFails::wait   ? "wait"
                             : series.if_blog_fails == config::IfBlogFails::hold ? "hold"
                                                                                 : "send_without_link";
  }
  if (job.request.held) {
    delivery.state = model::DeliveryState::held;
    delivery.reply = job.request.why;
  }
  delivery.edition = edition;
  if (const auto& permalink = job.channels.at(key).permalink) {
    if (auto address = permalink(post.slug)) delivery.edition.permalink = *address;
  }
  return delivery;
}

tl::unexpected<MakeFault> of_draft(std::string what) {
  return tl::unexpected(MakeFault{true, std::move(what)});
}
tl::unexpected<MakeFault> of_house(std::string what) {
  return tl::unexpected(MakeFault{false, std::move(what)});
}

// What can't be rendered now, in words for its author; empty: it can.
std::string refusal_of(store::Store& store, const model::Draft& draft) {
  switch (draft.state) {
    case model::DraftState::published: {
      const auto post = store.post(draft.post);
      if (post && post->state == model::PostState::cancelled) break;
      return draft.path + " is published already";
    }
    case model::DraftState::gone:
      return draft.path + " is no longer in the folder";
    case model::DraftState::problem:
    case model::DraftState::quarantined:
      return draft.path + " has a problem: " + draft.why;
    case model::DraftState::settling:
    case model::DraftState::ready:
    case model::DraftState::waiting:
    case model::DraftState::scheduled:
    case model::DraftState::held:
      break;
  }
  return {};
}

Loaded load(store::Store& store, model::DraftId id, bool first, model::Instant now) {
  auto draft = store.draft(id);
  if (!draft) throw store::StoreFailure(store::Failure::not_found, id.text() + " is no draft");
  Loaded loaded;
  loaded.draft = std::move(*draft);
  loaded.refused = refusal_of(store, loaded.draft);
  if (!loaded.refused.empty()) return loaded;
  if (first && !begin_attempt(store, loaded.draft, now)) {
    loaded.refused = refusal_of(store, *store.draft(id));
    return loaded;
  }
  loaded.text = store.draft_text(id, loaded.draft.revision);
  loaded.site_key = store.site_key();
  loaded.number = store.next_number(loaded.draft.head.series);
  return loaded;
}

store::NewPost new_post(const Job& job, const config::Series& series) {
  const model::Draft& draft = job.loaded.draft;
  store::NewPost post;
  post.pid = fresh_ulid(job.now);
  post.draft = draft.id;
  post.draft_revision = draft.revision;
  post.occurrence = job.request.occurrence;
  post.series = series.key;
  post.slug = draft.head.slug;
  post.state = job.request.held ? model::PostState::held : model::PostState::publishing;
  post.created_at = job.now;
  post.due_at = job.request.due_at;
  return post;
}

Identity identity_of(const Job& job, const config::Series& series, const store::NewPost& post) {
  Identity identity;
  identity.pid = post.pid;
  identity.marker = marker(job.loaded.site_key, post.pid, identity.revision);
  identity.number = job.loaded.number;
  identity.published_at = post.due_at;
  identity.published_local = job.almanac.local_text(series.zone, post.due_at);
  identity.zone = series.zone;
  identity.series_title = series.title;
  return identity;
}

PostMaker::Made make_post(const Job& job) {
  const model::Draft& draft = job.loaded.draft;
  const auto found = job.config->series.find(draft.head.series);
  if (found == job.config->series.end()) return of_draft("unknown series \"" + draft.head.series + '"');
  const config::Series& series = found->second;
  const std::vector<std::string> keys = channel_keys(job, series);
  if (keys.empty()) {
    const bool own = job.request.channels.empty() && !draft.head.channels.empty();
    const std::string what = "none of its channels is configured and enabled";
    return own ? of_draft(what) : of_house(what);
  }
  for (const std::string& key : keys) {
    if (!job.channels.contains(key)) return of_house("the channel \"" + key + "\" is not open");
  }

  store::NewPost post = new_post(job, series);
  const Identity identity = identity_of(job, series, post);
  publishers::Edition edition;
  runtime::crash_point("rendering");
  try {
    RenderInput input{draft, job.almanac.body(job.loaded.text.bytes, draft.path), job.loaded.text.assets, {}};
    input.options.raw_html = job.config->content.html == "sanitise";
    edition = render(input, identity, job.config->site);
  } catch (const std::runtime_error& error) {
    return of_draft(error.what());
  }
  edition.permalink = planned_permalink(job, keys);
  post.permalink = edition.permalink;
  post.title = edition.title;
  for (const std::string& key : keys) {
    post.deliveries.push_back(delivery_for(job, key, series, keys, post, edition));
  }
  return post;
}

}  // namespace

PostMaker::PostMaker(boost::asio::any_io_executor house, boost::asio::thread_pool& workers,
                     store::StoreThread& store, Almanac almanac)
    : house_(std::move(house)), workers_(workers), store_(store), almanac_(std::move(almanac)) {}

void PostMaker::configure(std::shared_ptr<const config::Config> config,
                          std::map<std::string, ChannelFacts> channels) {
  config_ = std::move(config);
  channels_ = std::move(channels);
}

void PostMaker::make(const PostRequest& request, model::Instant now, std::function<void(Made)> then) {
  auto job = std::make_shared<Job>(Job{request, now, {}, config_, channels_, almanac_});
  // One attempt at a time is counted, or a draft that is looked at from many sides would seem to be poison.
  const bool first = ++under_way_[request.draft] == 1;
  store_.write([id = request.draft, first, now](store::Store& store) { return load(store, id, first, now); },
               [this, job, then = std::move(then)](store::Result<Loaded> loaded) mutable {
                 if (!loaded) {
                   const bool gone = loaded.error().kind == store::Failure::not_found;
                   return ended(*job, tl::unexpected(MakeFault{gone, loaded.error().what}), then);
                 }
                 if (!loaded->refused.empty()) return ended(*job, of_draft(loaded->refused), then);
                 job->loaded = std::move(*loaded);
                 render_on_worker(std::move(job), std::move(then));
               });
}

void PostMaker::render_on_worker(std::shared_ptr<Job> job, std::function<void(Made)> then) {
  boost::asio::post(workers_, [this, house = house_, job = std::move(job), then = std::move(then)]() mutable {
    Made made = [&]() -> Made {
      try {
        return make_post(*job);
      } catch (const std::exception& error) {
        return of_house(error.what());
      }
    }();
    boost::asio::post(house, [this, job = std::move(job), made = std::move(made),
                              then = std::move(then)]() mutable { ended(*job, std::move(made), then); });
  });
}

void PostMaker::ended(const Job& job, Made made, const std::function<void(Made)>& then) {
  const model::DraftId draft = job.request.draft;
  const auto under_way = under_way_.find(draft);
  if (--under_way->second > 0) return then(std::move(made));
  under_way_.erase(under_way);
  store_.write([draft](store::Store& store) { end_attempt(store, draft); },
               [then, made = std::move(made)](const store::Result<void>&) mutable { then(std::move(made)); });
}

}  // namespace rendering
