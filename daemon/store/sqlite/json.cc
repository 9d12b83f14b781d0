#include "store/sqlite/json.h"

namespace store::sqlite {
namespace {

namespace json = boost::json;

json::array list(const std::vector<std::string>& values) {
  json::array out;
  for (const std::string& value : values) out.emplace_back(value);
  return out;
}

std::vector<std::string> list_of(const json::value& value) {
  std::vector<std::string> out;
  for (const json::value& each : value.as_array()) out.emplace_back(each.as_string());
  return out;
}

json::value date(const std::optional<model::LocalDate>& value) {
  return value ? json::value(model::iso_date(*value)) : json::value(nullptr);
}

std::optional<model::LocalDate> date_of(const json::value& value) {
  return value.is_string() ? model::parse_date(std::string(value.as_string())) : std::nullopt;
}

std::string string_of(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

}  // namespace

json::value parse(const std::string& text) {
  json::parse_options options;
  options.max_depth = 128;
  options.allow_invalid_utf8 = true;
  return json::parse(text, {}, options);
}

std::string text_of(const model::FrontMatter& head) {
  return json::serialize(json::object{{"title", head.title},
                                      {"slug", head.slug},
                                      {"summary", head.summary},
                                      {"author", head.author},
                                      {"tags", list(head.tags)},
                                      {"series", head.series},
                                      {"ready", head.ready},
                                      {"date", date(head.date)},
                                      {"slot", date(head.slot)},
                                      {"not_before", date(head.not_before)},
                                      {"not_after", date(head.not_after)},
                                      {"priority", head.priority},
                                      {"image", head.image},
                                      {"image_alt", head.image_alt},
                                      {"canonical", head.canonical},
                                      {"subject", head.subject},
                                      {"preheader", head.preheader},
                                      {"channels", list(head.channels)},
                                      {"evergreen", head.evergreen},
                                      {"extra", head.extra}});
}

model::FrontMatter head_of(const std::string& text) {
  const json::value value = parse(text);
  const json::object& object = value.as_object();
  model::FrontMatter head;
  head.title = string_of(object, "title");
  head.slug = string_of(object, "slug");
  head.summary = string_of(object, "summary");
  head.author = string_of(object, "author");
  head.tags = list_of(object.at("tags"));
  head.series = string_of(object, "series");
  head.ready = object.at("ready").as_bool();
  head.date = date_of(object.at("date"));
  head.slot = date_of(object.at("slot"));
  head.not_before = date_of(object.at("not_before"));
  head.not_after = date_of(object.at("not_after"));
  head.priority = static_cast<int>(object.at("priority").as_int64());
  head.image = string_of(object, "image");
  head.image_alt = string_of(object, "image_alt");
  head.canonical = string_of(object, "canonical");
  head.subject = string_of(object, "subject");
  head.preheader = string_of(object, "preheader");
  head.channels = list_of(object.at("channels"));
  head.evergreen = object.at("evergreen").as_bool();
  head.extra = object.at("extra").as_object();
  return head;
}

std::string text_of(const std::vector<model::Problem>& problems) {
  json::array out;
  for (const model::Problem& problem : problems) {
    out.push_back(json::array{problem.file, problem.line, problem.column, problem.what, problem.todo,
                              problem.blocking});
  }
  return json::serialize(out);
}

std::vector<model::Problem> problems_of(const std::string& text) {
  std::vector<model::Problem> out;
  const json::value value = parse(text);
  for (const json::value& each : value.as_array()) {
    const json::array& row = each.as_array();
    out.push_back({std::string(row.at(0).as_string()), row.at(1).to_number<std::size_t>(),
                   row.at(2).to_number<std::size_t>(), std::string(row.at(3).as_string()),
                   std::string(row.at(4).as_string()), row.at(5).as_bool()});
  }
  return out;
}

std::string text_of(const std::vector<StoredAsset>& assets) {
  json::array out;
  for (const StoredAsset& asset : assets) {
    out.push_back(json::array{asset.name, asset.sha256, asset.media_type, asset.width, asset.height});
  }
  return json::serialize(out);
}

std::vector<StoredAsset> assets_of(const std::string& text) {
  std::vector<StoredAsset> out;
  const json::value value = parse(text);
  for (const json::value& each : value.as_array()) {
    const json::array& row = each.as_array();
    out.push_back({std::string(row.at(0).as_string()), std::string(row.at(1).as_string()),
                   std::string(row.at(2).as_string()), row.at(3).to_number<int>(),
                   row.at(4).to_number<int>()});
  }
  return out;
}

std::string text_of(const std::map<std::string, std::string>& map) {
  json::object out;
  for (const auto& [key, value] : map) out[key] = value;
  return json::serialize(out);
}

std::map<std::string, std::string> map_of(const std::string& text) {
  std::map<std::string, std::string> out;
  if (text == "{}") return out;
  const json::value value = parse(text);
  for (const auto& [key, each] : value.as_object()) out.emplace(key, each.as_string());
  return out;
}

}  // namespace store::sqlite
