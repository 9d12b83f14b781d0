// From an edition to the mail that its subscribers get: the theme rendered once, frozen as JSON when the
// recipients are fixed, merged for each of them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mailing/mail_channel.h"
#include "publishers/edition.h"
#include "publishers/email/message_template.h"
#include "store/store.h"

namespace mailing {

struct MailContext {
  std::string permalink;                          // where the post is live, or empty
  std::map<std::string, std::string> asset_urls;  // sha256 -> absolute address
  std::string mailing;                            // unique; with a recipient it gives the Message-ID
  std::string site_key;
  model::Instant date{};
  std::string subject_mark;  // "[Test] "
};

// Throws std::runtime_error or templates::TemplateError, in words for people.
publishers::MailContent compose(const MailChannel& channel, const publishers::Edition& edition,
                                const MailContext& context);

// `edition` with its images' bytes where the channel sends them along, so that a mail that can't be made out
// is known before anybody is written to.
publishers::Edition with_bytes(const MailChannel& channel, publishers::Edition edition,
                               const std::function<std::string(const std::string& sha256)>& bytes_of);

// A mail whose text is fixed for all recipients.
class FrozenMail {
 public:
  explicit FrozenMail(const publishers::MailContent& content);  // throws std::exception
  // Makes out `message` to a recipient; why that can't be, or nothing.
  std::optional<std::string> merge(store::Claimed recipient, publishers::OutgoingMessage& message);

 private:
  publishers::MessageTemplate template_;
};

// As it is kept with the delivery, without the images' bytes. Throws std::runtime_error, in words for people,
// for a text that can't be made out to anybody.
std::string frozen(const publishers::MailContent& content);
// What was frozen for a delivery, images and all; nothing before its recipients are fixed.
std::optional<publishers::MailContent> thawed(store::Store& store, model::DeliveryId id);

// For people: the mail of `edition` to a reader who stands for all, as html, text or eml. `asset_urls`: where
// its images are, by hash.
std::string preview(const MailChannel& channel, const publishers::Edition& edition, const std::string& format,
                    const std::map<std::string, std::string>& asset_urls = {});

}  // namespace mailing
