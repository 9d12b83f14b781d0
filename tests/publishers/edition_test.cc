#include "publishers/edition.h"

#include <gmock/gmock.h>

#include "publishers/instant.h"
#include "support/shelf.h"

namespace publishers {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::ThrowsMessage;

Edition full_edition() {
  Edition edition =
      support::with_image(support::sample_edition(3, "trust"), support::png("chart.png", "PNG"));
  edition.summary = "Quotes \" and \\ and\nline breaks, Größe, \xF0\x9F\x8D\x93";
  edition.canonical = "https://elsewhere.example/trust";
  edition.preheader = "Before the head";
  edition.permalink = "https://blog.example/trust/";
  edition.extra = {{"mood", "calm"}, {"depth", json::object{{"list", json::array{1, true, nullptr}}}}};
  return edition;
}

TEST(EditionJson, GivesBackWhatItTook) {
  const Edition edition = full_edition();
  const json::object written = to_json(edition);
  const Edition read = edition_from_json(json::parse(json::serialize(written)).as_object());
  EXPECT_EQ(json::serialize(to_json(read)), json::serialize(written));
  EXPECT_EQ(read.pid, edition.pid);
  EXPECT_EQ(read.summary, edition.summary);
  EXPECT_EQ(read.tags, edition.tags);
  EXPECT_EQ(read.published_at, edition.published_at);
  EXPECT_EQ(read.updated_at, edition.updated_at);
  EXPECT_EQ(read.extra, edition.extra);
  ASSERT_EQ(read.assets.size(), 1U);
  EXPECT_EQ(read.assets[0].sha256, edition.assets[0].sha256);
  EXPECT_EQ(read.assets[0].width, 640);
}

TEST(EditionJson, LeavesTheBytesOfAssetsOut) {
  Edition edition = full_edition();
  edition.assets[0].bytes = std::make_shared<const std::string>("secret-sauce");
  EXPECT_THAT(json::serialize(to_json(edition)), testing::Not(HasSubstr("secret-sauce")));
  EXPECT_EQ(edition_from_json(to_json(edition)).assets[0].bytes, nullptr);
}

TEST(EditionJson, WritesInstantsInUtc) {
  EXPECT_EQ(to_json(full_edition()).at("published_at").as_string(), "2026-11-20T13:00:00Z");
}

struct Foreign {
  const char* key;
  json::value value;
  const char* message;
};

TEST(EditionJson, RefusesWhatIsOfAnotherType) {
  const Foreign cases[] = {
      {"title", 7, "edition: \"title\" is not a text"},
      {"revision", "1", "edition: \"revision\" is not a whole number"},
      {"revision", 1.0, "edition: \"revision\" is not a whole number"},
      {"revision", -1, "edition: \"revision\" is out of range"},
      {"number", 3000000000, "edition: \"number\" is out of range"},
      {"published_at", "2026-02-30T00:00:00Z", "edition: \"published_at\" is not an RFC 3339 instant in UTC"},
      {"tags", "sales", "edition: \"tags\" is not a list"},
      {"tags", json::array{1}, "edition: \"tags\" is not a text"},
      {"assets", json::object(), "edition: \"assets\" is not a list"},
      {"assets", json::array{"chart.png"}, "edition: \"assets\" is not an object"},
      {"assets", json::array{json::object()}, "edition: \"name\" is missing"},
      {"extra", nullptr, "edition: \"extra\" is not an object"},
  };
  for (const Foreign& foreign : cases) {
    json::object object = to_json(full_edition());
    object[foreign.key] = foreign.value;
    EXPECT_THAT([&] { edition_from_json(object); }, ThrowsMessage<std::runtime_error>(foreign.message));
  }
}

TEST(EditionJson, RefusesAnObjectThatLacksAnyMember) {
  const json::object whole = to_json(full_edition());
  for (const auto& member : whole) {
    json::object object = whole;
    object.erase(member.key());
    EXPECT_THAT(
        [&] { edition_from_json(object); },
        ThrowsMessage<std::runtime_error>("edition: \"" + std::string(member.key()) + "\" is missing"));
  }
}

TEST(ReplaceAssets, ReplacesWholeAddressesOnly) {
  const std::string sha(64, 'a');
  const auto url = [](const std::string& which) { return "/" + which.substr(0, 2); };
  EXPECT_EQ(replace_assets("<img src=\"asset:" + sha + "\"> asset:" + sha + "!", url),
            "<img src=\"/aa\"> /aa!");
  EXPECT_EQ(replace_assets("asset:short", url), "asset:short");
  const std::string no_hash = "asset:" + std::string(64, 'Z');
  EXPECT_EQ(replace_assets(no_hash, url), no_hash);
}

TEST(Rfc3339, WritesAndReadsInstants) {
  using std::chrono::seconds;
  using std::chrono::sys_seconds;
  EXPECT_EQ(rfc3339(sys_seconds(seconds(0))), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(sys_seconds(seconds(-1))), "1969-12-31T23:59:59Z");
  EXPECT_EQ(parse_rfc3339("2026-11-27T13:00:00Z"), sys_seconds(seconds(1795784400)));
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:59:59Z"), sys_seconds(seconds(-1)));
  for (const char* bad :
       {"", "2026-11-27", "2026-11-27T13:00:00", "2026-11-27T13:00:00+01:00", "2026-11-27t13:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-27T24:00:00Z", "2026-11-27T13:60:00Z",
        "2026-11-27T13:00:60Z", "2026-11-27T13:00:00Z ", "2O26-11-27T13:00:00Z"})
    EXPECT_EQ(parse_rfc3339(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace publishers
