#include <limits>
#include <stdexcept>

#include "publishers/edition.h"
#include "publishers/instant.h"

namespace publishers {
namespace {

namespace json = boost::json;

json::object asset_to_json(const Asset& asset) {
  return {{"name", asset.name},
          {"sha256", asset.sha256},
          {"media_type", asset.media_type},
          {"width", asset.width},
          {"height", asset.height}};
}

// Reads an object's members; each has to be there and of the right type.
class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  const json::value& at(std::string_view key) const {
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) throw bad(key, "is missing");
    return *value;
  }

  std::string text(std::string_view key) const { return text_of(key, at(key)); }

  int number(std::string_view key) const {
    const json::value& value = at(key);
    if (!value.is_int64()) throw bad(key, "is not a whole number");
    const std::int64_t wide = value.get_int64();
    if (wide < 0 || wide > std::numeric_limits<int>::max()) throw bad(key, "is out of range");
    return static_cast<int>(wide);
  }

  std::chrono::sys_seconds instant(std::string_view key) const {
    const auto instant = parse_rfc3339(text(key));
    if (!instant) throw bad(key, "is not an RFC 3339 instant in UTC");
    return *instant;
  }

  const json::array& array(std::string_view key) const {
    const json::array* array = at(key).if_array();
    if (array == nullptr) throw bad(key, "is not a list");
    return *array;
  }

  const json::object& object(std::string_view key) const { return object_of(key, at(key)); }

  static std::string text_of(std::string_view key, const json::value& value) {
    const json::string* text = value.if_string();
    if (text == nullptr) throw bad(key, "is not a text");
    return {text->data(), text->size()};
  }

  static const json::object& object_of(std::string_view key, const json::value& value) {
    const json::object* object = value.if_object();
    if (object == nullptr) throw bad(key, "is not an object");
    return *object;
  }

 private:
  static std::runtime_error bad(std::string_view key, const char* what) {
    return std::runtime_error("edition: \"" + std::string(key) + "\" " + what);
  }

  const json::object& object_;
};

Asset asset_from_json(const json::value& value) {
  const Reader reader(Reader::object_of("assets", value));
  Asset asset;
  asset.name = reader.text("name");
  asset.sha256 = reader.text("sha256");
  asset.media_type = reader.text("media_type");
  asset.width = reader.number("width");
  asset.height = reader.number("height");
  return asset;
}

// Every member that is a plain text, once, for both directions.
struct TextMember {
  std::string_view key;
  std::string Edition::* member;
};

constexpr TextMember kTexts[] = {
    {"pid", &Edition::pid},
    {"marker", &Edition::marker},
    {"slug", &Edition::slug},
    {"title", &Edition::title},
    {"summary", &Edition::summary},
    {"author", &Edition::author},
    {"language", &Edition::language},
    {"series_key", &Edition::series_key},
    {"series_title", &Edition::series_title},
    {"zone", &Edition::zone},
    {"published_local", &Edition::published_local},
    {"content_html", &Edition::content_html},
    {"mail_html", &Edition::mail_html},
    {"mail_text", &Edition::mail_text},
    {"image", &Edition::image},
    {"image_alt", &Edition::image_alt},
    {"canonical", &Edition::canonical},
    {"subject", &Edition::subject},
    {"preheader", &Edition::preheader},
    {"permalink", &Edition::permalink},
};

}  // namespace

json::object to_json(const Edition& edition) {
  json::object object;
  for (const TextMember& text : kTexts) object[text.key] = edition.*text.member;
  object["revision"] = edition.revision;
  object["number"] = edition.number;
  object["published_at"] = rfc3339(edition.published_at);
  object["updated_at"] = rfc3339(edition.updated_at);
  object["tags"] = json::array(edition.tags.begin(), edition.tags.end());
  json::array assets;
  for (const Asset& asset : edition.assets) assets.push_back(asset_to_json(asset));
  object["assets"] = std::move(assets);
  object["extra"] = edition.extra;
  return object;
}

Edition edition_from_json(const json::object& object) {
  const Reader reader(object);
  Edition edition;
  for (const TextMember& text : kTexts) edition.*text.member = reader.text(text.key);
  edition.revision = reader.number("revision");
  edition.number = reader.number("number");
  edition.published_at = reader.instant("published_at");
  edition.updated_at = reader.instant("updated_at");
  for (const json::value& tag : reader.array("tags")) edition.tags.push_back(Reader::text_of("tags", tag));
  for (const json::value& asset : reader.array("assets")) edition.assets.push_back(asset_from_json(asset));
  edition.extra = reader.object("extra");
  return edition;
}

}  // namespace publishers
