#include "publishers/email/mail_content.h"

#include <stdexcept>

#include "publishers/email/encodings.h"
#include "publishers/instant.h"
#include "templates/merge.h"

namespace publishers {
namespace {

std::string text_at(const boost::json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

boost::json::array to_array(const std::vector<Asset>& images) {
  boost::json::array array;
  for (const Asset& image : images) {
    array.push_back({{"name", image.name},
                     {"sha256", image.sha256},
                     {"media_type", image.media_type},
                     {"width", image.width},
                     {"height", image.height}});
  }
  return array;
}

std::vector<Asset> to_images(const boost::json::array& array) {
  std::vector<Asset> images;
  images.reserve(array.size());
  for (const boost::json::value& value : array) {
    const boost::json::object& object = value.as_object();
    images.push_back({text_at(object, "name"), text_at(object, "sha256"), text_at(object, "media_type"),
                      object.at("width").to_number<int>(), object.at("height").to_number<int>(), nullptr});
  }
  return images;
}

}  // namespace

std::string marked_html(std::string_view marked) {
  std::string out;
  for (const templates::MergePiece& piece : templates::merge_pieces(marked)) {
    if (piece.name.empty()) {
      append_html(out, piece.literal);
    } else {
      templates::append_merge_mark(out, piece.name, piece.fallback);
    }
  }
  return out;
}

boost::json::object to_json(const MailContent& content) {
  boost::json::array extra;
  for (const auto& [name, value] : content.extra_headers) {
    boost::json::array pair;
    pair.emplace_back(name);
    pair.emplace_back(value);
    extra.emplace_back(std::move(pair));
  }
  return {{"from", content.from},
          {"reply_to", content.reply_to},
          {"sender", content.sender},
          {"subject", content.subject},
          {"html", content.html},
          {"text", content.text},
          {"list_unsubscribe", content.list_unsubscribe},
          {"one_click", content.one_click},
          {"list_id", content.list_id},
          {"bulk", content.bulk},
          {"date", rfc3339(content.date)},
          {"utc_offset", content.utc_offset.count()},
          {"mailing", content.mailing},
          {"message_id_key", base64(content.message_id_key)},
          {"message_id_domain", content.message_id_domain},
          {"images", to_array(content.images)},
          {"extra_headers", std::move(extra)}};
}

MailContent mail_content_from_json(const boost::json::object& object) {
  MailContent content;
  content.from = text_at(object, "from");
  content.reply_to = text_at(object, "reply_to");
  content.sender = text_at(object, "sender");
  content.subject = text_at(object, "subject");
  content.html = text_at(object, "html");
  content.text = text_at(object, "text");
  content.list_unsubscribe = text_at(object, "list_unsubscribe");
  content.one_click = object.at("one_click").as_bool();
  content.list_id = text_at(object, "list_id");
  content.bulk = object.at("bulk").as_bool();
  const auto date = parse_rfc3339(text_at(object, "date"));
  const auto key = from_base64(text_at(object, "message_id_key"));
  if (!date || !key) throw std::runtime_error("mail content with a date or a key of another form");
  content.date = *date;
  content.utc_offset = std::chrono::minutes(object.at("utc_offset").to_number<int>());
  content.mailing = text_at(object, "mailing");
  content.message_id_key = *key;
  content.message_id_domain = text_at(object, "message_id_domain");
  content.images = to_images(object.at("images").as_array());
  for (const boost::json::value& value : object.at("extra_headers").as_array()) {
    const boost::json::array& pair = value.as_array();
    content.extra_headers.emplace_back(pair.at(0).as_string(), pair.at(1).as_string());
  }
  return content;
}

}  // namespace publishers
