// Posts with deliveries, as the deciding rooms put them into the store.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace support {

inline store::NewDelivery delivery_to(const std::string& channel, bool mail = false) {
  store::NewDelivery delivery;
  delivery.channel = channel;
  delivery.mail = mail;
  delivery.state = model::DeliveryState::waiting;
  return delivery;
}

inline store::NewDelivery mail_after(const std::string& channel, const std::string& blog,
                                     model::Instant deadline, const std::string& if_blog_fails = "wait") {
  store::NewDelivery delivery = delivery_to(channel, true);
  delivery.after = blog;
  delivery.blog_deadline = deadline;
  delivery.if_blog_fails = if_blog_fails;
  return delivery;
}

// A post of a draft of its own, due at `now`: its deliveries say their channel's words about it.
inline model::PostId put_post(store::Store& store, const std::string& slug,
                              std::vector<store::NewDelivery> deliveries, model::Instant now) {
  store::DraftSeen seen;
  seen.path = slug + ".md";
  seen.bytes = "# " + slug + "\n";
  seen.sha256 = "sha256 of " + seen.bytes;
  seen.head.title = "On " + slug;
  seen.head.slug = slug;
  seen.head.series = "friday";
  const model::Draft draft = store.put_draft(seen, now);
  store::NewPost post;
  post.pid = "PID-" + slug;
  post.draft = draft.id;
  post.draft_revision = draft.revision;
  post.series = draft.head.series;
  post.slug = slug;
  post.title = draft.head.title;
  post.created_at = now;
  post.due_at = now;
  for (store::NewDelivery& delivery : deliveries) {
    delivery.key = "key of " + slug + " on " + delivery.channel;
    publishers::Edition& edition = delivery.edition;
    edition.pid = post.pid;
    edition.marker = post.pid + ".1.MAC";
    edition.slug = slug;
    edition.title = post.title;
    edition.language = "en";
    edition.series_key = "friday";
    edition.series_title = "Friday";
    edition.number = 1;
    edition.published_at = std::chrono::floor<std::chrono::seconds>(now);
    edition.updated_at = edition.published_at;
    edition.zone = "America/New_York";
    edition.published_local = "2026-11-27T08:00:00-05:00";
    if (edition.subject.empty()) edition.subject = post.title;
    if (edition.content_html.empty()) edition.content_html = "<p>Text.</p>\n";
    if (edition.mail_html.empty()) edition.mail_html = "<p>Text.</p>\n";
    if (edition.mail_text.empty()) edition.mail_text = "Text.\n";
  }
  post.deliveries = std::move(deliveries);
  return store.fill(post, now);
}

}  // namespace support
