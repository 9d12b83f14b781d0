#include "mailing/compose.h"

#include <stdexcept>

#include <boost/json.hpp>

#include "publishers/email/encodings.h"
#include "templates/merge.h"

namespace mailing {
namespace {

namespace json = boost::json;

constexpr std::size_t kWordsPerMinute = 200;
constexpr const char* kReader = "reader@example.org";
constexpr const char* kReaderInAddress = "reader%40example.org";

publishers::MessageTemplate compiled(const publishers::MailContent& content) {
  auto made = publishers::MessageTemplate::compile(content);
  if (!made) throw std::runtime_error(made.error());
  return std::move(*made);
}

std::size_t words(const std::string& text) {
  std::size_t count = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space && !inside) ++count;
    inside = !space;
  }
  return count;
}

// Images by the address that the blog gave them; one that is nowhere is left to its alternative text.
std::string with_images(const std::string& html, const MailContext& context, bool embedded) {
  if (embedded) return html;
  return publishers::replace_assets(html, [&](const std::string& sha256) {
    const auto url = context.asset_urls.find(sha256);
    return url == context.asset_urls.end() ? std::string() : url->second;
  });
}

bool embeds(const MailChannel& channel) {
  return channel.settings.images == publishers::MailSettings::Images::embedded;
}

std::string leading_image(const MailChannel& channel, const publishers::Edition& edition,
                          const MailContext& context) {
  if (edition.image.empty()) return {};
  if (embeds(channel)) return "asset:" + edition.image;
  const auto url = context.asset_urls.find(edition.image);
  return url == context.asset_urls.end() ? std::string() : url->second;
}

// `content` and `unsubscribe` as they may stand in the text that is rendered.
json::object variables(const MailChannel& channel, const publishers::Edition& edition,
                       const MailContext& context, const std::string& content,
                       const std::string& unsubscribe) {
  const config::Site& site = channel.site;
  json::array tags;
  for (const std::string& tag : edition.tags) tags.emplace_back(tag);
  const std::size_t count = words(edition.mail_text);
  const publishers::ImageSize image =
      publishers::fitted(publishers::leading_image_size(edition), publishers::kMailImageWidth);
  return {{"site", json::object{{"title", site.title},
                                {"url", site.url},
                                {"author", site.author},
                                {"brand", site.brand},
                                {"colour", site.colour},
                                {"language", site.language}}},
          {"series", json::object{{"key", edition.series_key}, {"title", edition.series_title}}},
          {"post", json::object{{"pid", edition.pid},
                                {"slug", edition.slug},
                                {"title", edition.title},
                                {"summary", edition.summary},
                                {"author", edition.author},
                                {"language", edition.language},
                                {"tags", tags},
                                {"number", edition.number},
                                {"url", context.permalink},
                                {"published", edition.published_local},
                                {"updated", edition.published_local},
                                {"content", content},
                                {"image_url", leading_image(channel, edition, context)},
                                {"image_alt", edition.image_alt},
                                {"image_width", image.width},
                                {"image_height", image.height},
                                {"canonical", edition.canonical},
                                {"marker", edition.marker},
                                {"words", count},
                                {"reading_minutes", count / kWordsPerMinute + 1}}},
          {"channel", json::object{{"key", channel.key},
                                   {"why", channel.settings.why},
                                   {"postal_address", channel.settings.postal_address},
                                   {"unsubscribe_url", unsubscribe},
                                   {"from", channel.settings.from_text()}}},
          {"edition", json::object{{"revision", edition.revision}}},
          {"extra", edition.extra},
          {"subject", edition.subject},
          {"preheader", edition.preheader}};
}

// Made out as MessageTemplate would to a reader who has nothing but an address.
std::string for_reader(const std::string& marked, bool html) {
  std::string out;
  for (const templates::MergePiece& piece : templates::merge_pieces(marked)) {
    if (piece.name == "address" || piece.name == "email") {
      const std::size_t word = out.find_last_of(" \n\t\"'<>(");
      const std::string before = out.substr(word == std::string::npos ? 0 : word + 1);
      const bool in_address = before.find("://") != std::string::npos || before.starts_with("mailto:");
      out += in_address ? kReaderInAddress : kReader;
    } else if (piece.name.empty()) {
      out += piece.literal;
    } else if (html) {
      publishers::append_html(out, piece.fallback);
    } else {
      out += piece.fallback;
    }
  }
  return out;
}

std::chrono::minutes offset_of(const std::string& rfc3339) {
  if (rfc3339.size() < 25) return std::chrono::minutes(0);
  const int sign = rfc3339[19] == '-' ? -1 : 1;
  return std::chrono::minutes(sign *
                              (std::stoi(rfc3339.substr(20, 2)) * 60 + std::stoi(rfc3339.substr(23, 2))));
}

// A series is a list to its readers. RFC 2919 2: in a domain that is ours.
std::string list_id_of(const publishers::MailSettings& settings, const publishers::Edition& edition) {
  std::string id = edition.series_key + '.' + settings.from.address.domain;
  return publishers::parse_list_id(id) ? id : std::string();
}

}  // namespace

publishers::MailContent compose(const MailChannel& channel, const publishers::Edition& edition,
                                const MailContext& context) {
  const publishers::MailSettings& settings = channel.settings;
  publishers::MailContent content;
  content.from = settings.from_text();
  content.reply_to = settings.reply_to_text();
  content.subject = context.subject_mark + edition.subject;
  content.list_unsubscribe = settings.unsubscribe;
  content.one_click = settings.one_click;
  content.list_id = settings.list_id.empty() ? list_id_of(settings, edition) : settings.list_id;
  content.date = std::chrono::floor<std::chrono::seconds>(context.date);
  content.utc_offset = offset_of(edition.published_local);
  content.mailing = context.mailing;
  content.message_id_key = context.site_key;
  if (embeds(channel)) content.images = edition.assets;
  json::object html =
      variables(channel, edition, context, with_images(edition.mail_html, context, embeds(channel)),
                publishers::marked_html(settings.unsubscribe));
  // What stands in for a subscriber's own words is escaped when it is merged, and only then.
  html["subject"] = publishers::marked_html(edition.subject);
  html["preheader"] = publishers::marked_html(edition.preheader);
  content.html = channel.theme->render("email/post.html.j2", html);
  content.text = channel.theme->render(
      "email/post.txt.j2", variables(channel, edition, context, edition.mail_text, settings.unsubscribe));
  return content;
}

publishers::Edition with_bytes(const MailChannel& channel, publishers::Edition edition,
                               const std::function<std::string(const std::string& sha256)>& bytes_of) {
  if (!embeds(channel)) return edition;
  for (publishers::Asset& asset : edition.assets) {
    asset.bytes = std::make_shared<const std::string>(bytes_of(asset.sha256));
  }
  return edition;
}

std::string frozen(const publishers::MailContent& content) {
  // What can't be made out is said before anybody is written to.
  compiled(content);
  return json::serialize(publishers::to_json(content));
}

std::optional<publishers::MailContent> thawed(store::Store& store, model::DeliveryId id) {
  const std::optional<std::string> text = store.frozen_mail(id);
  if (!text) return std::nullopt;
  publishers::MailContent content = publishers::mail_content_from_json(json::parse(*text).as_object());
  for (publishers::Asset& image : content.images) {
    image.bytes = std::make_shared<const std::string>(store.blob(image.sha256));
  }
  return content;
}

FrozenMail::FrozenMail(const publishers::MailContent& content) : template_(compiled(content)) {}

std::optional<std::string> FrozenMail::merge(store::Claimed recipient, publishers::OutgoingMessage& message) {
  publishers::MailRecipient made_out;
  made_out.id = recipient.subscriber.text();
  made_out.address = std::move(recipient.address);
  made_out.name = std::move(recipient.name);
  made_out.fields.merge(recipient.fields);
  return template_.merge(made_out, message);
}

std::string preview(const MailChannel& channel, const publishers::Edition& edition, const std::string& format,
                    const std::map<std::string, std::string>& asset_urls) {
  MailContext context;
  context.asset_urls = asset_urls;
  context.permalink = edition.permalink.empty() ? channel.site.url : edition.permalink;
  context.mailing = "preview";
  context.site_key = "preview";
  context.date = model::Instant(edition.published_at);
  const publishers::MailContent content = compose(channel, edition, context);
  if (format == "html") {
    return publishers::replace_assets(for_reader(content.html, true), [&](const std::string& sha256) {
      const auto url = asset_urls.find(sha256);
      return url == asset_urls.end() ? std::string() : url->second;
    });
  }
  if (format == "text") return for_reader(content.text, false);
  store::Claimed reader;
  reader.subscriber = {1};
  reader.address = kReader;
  publishers::OutgoingMessage message;
  FrozenMail mail(content);
  if (const auto refused = mail.merge(reader, message)) throw std::runtime_error(*refused);
  return message.data;
}

}  // namespace mailing
