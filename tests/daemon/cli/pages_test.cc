// Lists that come in pages are read to their end, or as far as was asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/items.h"

namespace cli {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

// Rows 1 to `count`, the cursor being the last row's number.
class Pages : public testing::Test {
 protected:
  Reply whole(int count, std::optional<int> most = std::nullopt, const std::string& path = "/list") {
    return all_pages([&](const std::string& page) { return answer(page, count); }, path, most);
  }
  Reply answer(const std::string& path, int count) {
    asked.push_back(path);
    Reply reply;
    reply.status = static_cast<int>(asked.size()) == refused_at ? 503 : 200;
    const auto number = [&](const std::string& name) {
      const std::size_t at = path.find(name);
      return at == std::string::npos ? 0 : std::stoi(path.substr(at + name.size()));
    };
    const int from = number("after=") + 1;
    const int to = std::min(count, from + number("limit=") - 1);
    json::array rows;
    for (int i = from; i <= to; ++i) rows.emplace_back(i);
    const json::value next = to < count ? json::value(std::to_string(to)) : json::value(nullptr);
    reply.body = {{"items", rows}, {"next", next}, {"left", {"a file"}}};
    reply.text = "as it came";
    return reply;
  }
  std::vector<std::string> asked;
  int refused_at = 0;
};

TEST_F(Pages, OnePageIsLeftAsItCame) {
  EXPECT_EQ(whole(1000).text, "as it came");
  EXPECT_THAT(asked, ElementsAre("/list?limit=1000"));
}

TEST_F(Pages, SeveralBecomeOneBodyOfTheSameShape) {
  const Reply reply = whole(2500, std::nullopt, "/list?item=d1");
  EXPECT_THAT(asked, ElementsAre("/list?item=d1&limit=1000", "/list?item=d1&limit=1000&after=1000",
                                 "/list?item=d1&limit=1000&after=2000"));
  ASSERT_EQ(items(reply.body).size(), 2500U);
  EXPECT_EQ(items(reply.body).back(), 2500);
  EXPECT_TRUE(reply.body.at("next").is_null());
  EXPECT_EQ(reply.body.at("left"), json::value({"a file"}));
  EXPECT_EQ(json::parse(reply.text), json::value(reply.body));
}

TEST_F(Pages, ALimitEndsThemAndTheCursorTellsWhereTheyGoOn) {
  const Reply reply = whole(2500, 1200);
  EXPECT_THAT(asked, ElementsAre("/list?limit=1000", "/list?limit=200&after=1000"));
  EXPECT_EQ(items(reply.body).size(), 1200U);
  EXPECT_EQ(reply.body.at("next"), "1200");
  EXPECT_EQ(items(whole(2500, 3).body).size(), 3U);
}

TEST_F(Pages, APageThatIsRefusedIsTheAnswer) {
  refused_at = 2;
  EXPECT_EQ(whole(2500).status, 503);
}

}  // namespace
}  // namespace cli
