#include "intake/draft_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "intake/draft_images.h"
#include "intake/sha256.h"

namespace intake {
namespace {

using namespace std::string_literals;
using model::DraftState;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kPng = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x06\0\0\0"s;

class DraftReaderTest : public testing::Test {
 protected:
  ReadDraft read(const std::string& path, const std::string& bytes) {
    return read_draft(path, bytes, rules_,
                      [this](const std::string& image, std::uintmax_t limit) -> OpenedImage {
                        const auto found = files_.find(image);
                        if (found == files_.end()) return {};
                        if (found->second == "link")
                          return {OpenedImage::Outcome::refused, "", "is a symbolic link"};
                        if (found->second.size() > limit) return {OpenedImage::Outcome::too_large, "", ""};
                        return {OpenedImage::Outcome::ok, found->second, ""};
                      });
  }

  static std::vector<std::string> texts(const ReadDraft& draft) {
    std::vector<std::string> all;
    for (const model::Problem& problem : draft.seen.problems) {
      if (problem.blocking) all.push_back(problem.text());
    }
    return all;
  }
  std::vector<std::string> problems(const std::string& bytes) { return texts(read("a.md", bytes)); }

  ReadRules rules_{2U << 20U, 1024, true, {"friday"}, {"blog", "mail"}};
  std::map<std::string, std::string> files_;
};

TEST_F(DraftReaderTest, MakesAReadyDraft) {
  const ReadDraft draft = read("trust.md", "---\ntitle: A Question of Trust\ntags: [a]\n---\nText.\n");
  EXPECT_THAT(draft.seen.problems, IsEmpty());
  EXPECT_EQ(DraftState::ready, draft.seen.state);
  EXPECT_EQ("", draft.seen.why);
  EXPECT_EQ("trust.md", draft.seen.path);
  EXPECT_EQ("A Question of Trust", draft.seen.head.title);
  EXPECT_EQ("a-question-of-trust", draft.seen.head.slug);
  EXPECT_EQ("friday", draft.seen.head.series);
  EXPECT_EQ(sha256_hex(draft.seen.bytes), draft.seen.sha256);
}

TEST_F(DraftReaderTest, KeepsTheBytesAsTheyAre) {
  const std::string bytes = "\xEF\xBB\xBF# Trust\r\n\r\nText.\rMore.\n";
  const ReadDraft draft = read("a.md", bytes);
  EXPECT_THAT(texts(draft), IsEmpty());
  EXPECT_EQ(bytes, draft.seen.bytes);
  EXPECT_EQ("Trust", draft.seen.head.title);
  EXPECT_EQ("# Trust\n\nText.\nMore.\n", head_of(bytes, "a.md").body);
}

TEST_F(DraftReaderTest, TakesTheTitleFromHeadHeadingOrName) {
  EXPECT_EQ("Head", read("a.md", "---\ntitle: Head\n---\n# Heading\n\nText.\n").seen.head.title);
  EXPECT_EQ("Heading", read("a.md", "# Heading\n\nText.\n").seen.head.title);
  EXPECT_EQ("On price wars", read("on-price_wars.md", "## Small\n\nText.\n").seen.head.title);
  EXPECT_EQ("On price", read("x/on-price/index.md", "Text.\n").seen.head.title);
  EXPECT_EQ("Index", read("index.md", "Text.\n").seen.head.title);
}

TEST_F(DraftReaderTest, TakesTheSlugFromHeadTitleOrName) {
  EXPECT_EQ("my-slug", read("a.md", "---\ntitle: T\nslug: my-slug\n---\nText.\n").seen.head.slug);
  EXPECT_EQ("price-wars", read("price-wars.md", "---\ntitle: \"2026\"\n---\nText.\n").seen.head.slug);
  EXPECT_THAT(
      texts(read("2026.md", "---\ntitle: \"!!!\"\n---\nText.\n")),
      ElementsAre("2026.md:2:8: no address can be made of the title; add a line slug: a-word-or-two"));
  EXPECT_THAT(
      problems("---\nslug: My Slug\n---\nText.\n"),
      ElementsAre(
          "a.md:2:7: 'slug' takes a-z, 0-9 and hyphens, with a letter, at most 80; write slug: my-slug"));
  EXPECT_THAT(problems("---\nslug: \"123\"\n---\nText.\n"),
              ElementsAre("a.md:2:7: 'slug' takes a-z, 0-9 and hyphens, with a letter, at most 80; write "
                          "slug: a-word-or-two"));
  EXPECT_THAT(problems("---\nslug: feed\n---\nText.\n"),
              ElementsAre("a.md:2:7: the site itself uses the address 'feed'; write slug: feed-post"));
  EXPECT_THAT(problems("---\ntitle: Index\n---\nText.\n"),
              ElementsAre("a.md:1:1: the site itself uses the address 'index'; write slug: index-post"));
}

TEST_F(DraftReaderTest, KnowsItsSeriesAndChannels) {
  EXPECT_THAT(problems("---\nseries: monday\n---\nText.\n"),
              ElementsAre("a.md:2:9: unknown series 'monday'; write one of friday"));
  EXPECT_THAT(problems("---\nchannels: [mail, fax]\n---\nText.\n"),
              ElementsAre("a.md:2:11: unknown channel 'fax'; write one or more of blog, mail"));
  rules_.series = {"friday", "monday"};
  EXPECT_THAT(problems("Text.\n"),
              ElementsAre("a.md:1:1: no series is named; add a line series: with one of friday, monday"));
  EXPECT_THAT(problems("---\nseries: monday\n---\nText.\n"), IsEmpty());
  // What is wrong with the head may be why the series is not seen.
  EXPECT_THAT(problems("---\nseries: monday\n\nText.\n"),
              ElementsAre("a.md:1:1: the front matter is not closed; end it with a line ---"));
  rules_.series = {};
  EXPECT_THAT(problems("Text.\n"), IsEmpty());
  EXPECT_THAT(problems("---\nseries: monday\n---\nText.\n"),
              ElementsAre("a.md:2:9: unknown series 'monday'; none is configured; take the line out"));
}

TEST_F(DraftReaderTest, RefusesWhatIsNoText) {
  EXPECT_THAT(problems("Text.\n\xFC"
                       "ber\n"),
              ElementsAre("a.md:2:1: the byte 0xfc is not UTF-8; save the file as UTF-8"));
  EXPECT_THAT(problems("a\0b"s),
              ElementsAre("a.md:1:2: a NUL byte: this is no text; save it as plain text in UTF-8"));
  EXPECT_THAT(problems("\xFF\xFEh\0i"s), ElementsAre("a.md:1:1: the file is UTF-16, and a part of it is "
                                                     "missing; save it again, as UTF-8 if you can"));
  EXPECT_THAT(problems("\xFF\xFE\x3D\xD8h\0"s), testing::SizeIs(1));
  EXPECT_THAT(problems("\xFF\xFEh\0\0\0"s),
              ElementsAre("a.md:1:2: a NUL byte: this is no text; save it as plain text in UTF-8"));
  EXPECT_THAT(problems("Text \x01 more\n"),
              ElementsAre("a.md:1:6: a control character (\\x01); take it out"));
  rules_.max_draft = 100;
  EXPECT_THAT(
      problems(std::string(101, 'a')),
      ElementsAre("a.md: the text has 1 KiB; at most 1 KiB are taken; move images into files of their own"));
  EXPECT_THAT(problems(std::string(100, 'a')), IsEmpty());
}

TEST_F(DraftReaderTest, ReadsUtf16AndSaysSo) {
  const auto utf16 = [](std::u16string_view text, bool little) {
    std::string bytes = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char16_t unit : text) {
      const char low = static_cast<char>(unit & 0xFF);
      const char high = static_cast<char>(unit >> 8);
      bytes += little ? std::string{low, high} : std::string{high, low};
    }
    return bytes;
  };
  for (const bool little : {true, false}) {
    const std::string bytes = utf16(u"---\r\ntitle: Z\u00FCrich \U0001F600\r\n---\r\nText.\r\n", little);
    const ReadDraft draft = read("a.md", bytes);
    EXPECT_EQ(DraftState::ready, draft.seen.state) << draft.seen.why;
    EXPECT_EQ("Z\xC3\xBCrich \xF0\x9F\x98\x80", draft.seen.head.title);
    EXPECT_EQ(bytes, draft.seen.bytes);
    ASSERT_EQ(1u, draft.seen.problems.size());
    EXPECT_EQ("a.md:1:1: the file is UTF-16; it is read, and put away as UTF-8; save it as UTF-8",
              draft.seen.problems[0].text());
    EXPECT_EQ("Text.\n", head_of(bytes, "a.md").body);
  }
}

TEST_F(DraftReaderTest, ADateBeforeAFilesNameIsNoPartOfItsTitle) {
  EXPECT_EQ("Trust", title_of_path("2026-11-27-trust.md"));
  EXPECT_EQ("Trust", title_of_path("2026-11-27 trust.md"));
  EXPECT_EQ("Trust", title_of_path("2026-11-27_trust/index.md"));
  EXPECT_EQ("2026 11 27", title_of_path("2026-11-27.md"));
  EXPECT_EQ("2026 13 27 trust", title_of_path("2026-13-27-trust.md"));
  EXPECT_EQ("2026 11 271 things", title_of_path("2026-11-271-things.md"));
}

TEST_F(DraftReaderTest, ANoteThatIsStillUntitledWaits) {
  for (const char* name : {"Untitled.md", "Untitled 1.md", "notes/untitled-2.md"}) {
    const ReadDraft draft = read(name, "# A title\n\nText.\n");
    EXPECT_EQ(DraftState::waiting, draft.seen.state) << name;
    EXPECT_EQ("its file is still called Untitled; give it a name", draft.seen.why);
  }
  EXPECT_EQ(DraftState::ready, read("an-untitled-painting.md", "Text.\n").seen.state);
  EXPECT_EQ(DraftState::ready, read("untitled-thoughts.md", "Text.\n").seen.state);
}

TEST_F(DraftReaderTest, TellsTheSizeOfWhatWasNotRead) {
  const ReadDraft draft = oversized_draft("big.md", 3000000, rules_);
  EXPECT_EQ(DraftState::problem, draft.seen.state);
  EXPECT_EQ("Big", draft.seen.head.title);
  EXPECT_THAT(texts(draft),
              ElementsAre("big.md: the text has 2.9 MiB; at most 2 MiB are taken; move images into "
                          "files of their own"));
}

TEST_F(DraftReaderTest, WaitsForAnEmptyFile) {
  for (const char* text : {"", "\n \n", "\xEF\xBB\xBF"}) {
    const ReadDraft draft = read("a.md", text);
    EXPECT_EQ(DraftState::waiting, draft.seen.state);
    EXPECT_EQ("the file is empty", draft.seen.why);
  }
}

TEST_F(DraftReaderTest, RefusesATitleWithoutAText) {
  EXPECT_THAT(problems("# Trust\n"),
              ElementsAre("a.md:1:1: there is nothing to read but a title; write the post"));
  EXPECT_THAT(problems("---\ntitle: x\n---\n<!-- later -->\n"),
              Contains("a.md:4:1: there is nothing to read but a title; write the post"));
}

TEST_F(DraftReaderTest, RefusesControlCharactersInATitle) {
  EXPECT_THAT(
      texts(read("a\nb.md", "Text.\n")),
      ElementsAre(
          "a\\x0ab.md:1:1: a control character in the title; rename the file, or write a title: line"));
  EXPECT_THAT(problems("---\ntitle: " + std::string(501, 'a') + "\n---\nText.\n"),
              ElementsAre("a.md:2:8: the title is longer than 500 bytes; shorten it"));
}

TEST_F(DraftReaderTest, WaitsWhileItIsNotReadyOrNotFinished) {
  const ReadDraft draft = read("a.md", "---\nstatus: draft\n---\nText.\n");
  EXPECT_EQ(DraftState::waiting, draft.seen.state);
  EXPECT_EQ("status is draft", draft.seen.why);
  const ReadDraft unfinished = read("a.md", "---\ndraft: yes\n---\nText TODO more.\n");
  EXPECT_EQ(DraftState::waiting, unfinished.seen.state);
  EXPECT_EQ(0U, unfinished.seen.why.find("draft is true; unfinished text: ")) << unfinished.seen.why;
  ASSERT_EQ(1U, unfinished.seen.problems.size());
  EXPECT_EQ(4U, unfinished.seen.problems[0].line);
  EXPECT_EQ(6U, unfinished.seen.problems[0].column);
  EXPECT_FALSE(unfinished.seen.problems[0].blocking);
}

TEST_F(DraftReaderTest, AProblemOutranksWaiting) {
  const ReadDraft draft = read("a.md", "---\nstatus: draft\npriority: x\n---\nText.\n");
  EXPECT_EQ(DraftState::problem, draft.seen.state);
  EXPECT_EQ("'priority' has to be a whole number", draft.seen.why);
}

TEST_F(DraftReaderTest, PlacesFindingsOfTheBodyInTheFile) {
  const ReadDraft draft = read("a.md", "---\ntitle: x\n---\n\nText <!-- open\n");
  ASSERT_THAT(texts(draft), testing::Not(IsEmpty()));
  EXPECT_EQ(0U, texts(draft)[0].find("a.md:5:6: ")) << texts(draft)[0];
}

TEST_F(DraftReaderTest, TellsProblemsInTheirOrder) {
  EXPECT_THAT(
      problems("---\nseries: monday\npriority: x\n---\nText.\n\n![a](b.png)\n"),
      ElementsAre("a.md:2:9: unknown series 'monday'; write one of friday",
                  "a.md:3:11: 'priority' has to be a whole number; write priority: 1, higher goes first",
                  "a.md:7:1: the image 'b.png' is missing; put the file there, or correct the path"));
}

TEST_F(DraftReaderTest, NeedsAFallbackForMergeFields) {
  EXPECT_THAT(problems("---\nsubject: Hi {{name}}\n---\nText.\n"), testing::SizeIs(1));
  EXPECT_THAT(problems("---\nsubject: Hi {{name|there}}\n---\nText.\n"), IsEmpty());
}

// --- images ---

TEST_F(DraftReaderTest, TakesImagesAlong) {
  files_["trust/images/a b.png"] = kPng;
  files_["shared/cover.png"] = kPng + "x";
  const ReadDraft draft = read("trust/index.md",
                               "---\nimage: ../shared/cover.png\n---\nText ![a](images/a%20b.png) and again "
                               "![a](images/a%20b.png).\n");
  EXPECT_THAT(texts(draft), IsEmpty());
  EXPECT_THAT(
      draft.seen.assets,
      ElementsAre(store::StoredAsset{"../shared/cover.png", sha256_hex(kPng + "x"), "image/png", 640, 480},
                  store::StoredAsset{"images/a b.png", sha256_hex(kPng), "image/png", 640, 480}));
  EXPECT_EQ(kPng, draft.seen.asset_bytes.at(sha256_hex(kPng)));
  EXPECT_THAT(draft.images, ElementsAre("shared/cover.png", "trust/images/a b.png"));
}

TEST_F(DraftReaderTest, TakesEmbeddedImagesAlong) {
  files_["images/a b.png"] = kPng;
  const ReadDraft draft = read("a.md", "![[images/a b.png|A chart|300]]\n\n%% ![[later.png]] %%\n");
  EXPECT_THAT(texts(draft), IsEmpty());
  EXPECT_THAT(draft.images, ElementsAre("images/a b.png"));
  EXPECT_THAT(
      problems("![[missing.png|a]]"),
      ElementsAre("a.md:1:1: the image 'missing.png' is missing; put the file there, or correct the path"));
}

TEST_F(DraftReaderTest, LeavesRemoteImagesAlone) {
  const ReadDraft draft =
      read("a.md", "Text ![a](https://example.org/a.png) ![b](HTTP://example.org/b.png).\n");
  EXPECT_THAT(texts(draft), IsEmpty());
  EXPECT_THAT(draft.images, IsEmpty());
}

TEST_F(DraftReaderTest, RefusesImagesThatAreNotWhatTheySeem) {
  files_["a.jpg"] = kPng;
  files_["b.png"] = "<svg></svg>";
  files_["c.svg"] = "<svg></svg>";
  files_["d.png"] = "link";
  files_["e.png"] = kPng + std::string(1024, 'x');
  files_["f.png"] = "";
  EXPECT_THAT(
      problems("T ![x](a.jpg)\n\n![x](b.png)\n\n![x](c.svg)\n\n![x](d.png)\n\n![x](e.png)\n\n![x](f.png)\n"),
      ElementsAre("a.md:1:3: the image 'a.jpg' is a PNG by its bytes; name it 'a.png'",
                  "a.md:3:1: the image 'b.png' is no PNG, JPEG, GIF, WebP or AVIF; export it as one of them",
                  "a.md:5:1: the image 'c.svg' is no PNG, JPEG, GIF, WebP or AVIF; export it as one of them",
                  "a.md:7:1: the image 'd.png' is a symbolic link; put the image itself there",
                  "a.md:9:1: the image 'e.png' is larger than 1 KiB; make it smaller",
                  "a.md:11:1: the image 'f.png' is empty; save it again"));
}

TEST_F(DraftReaderTest, TakesNoImagesFromOutside) {
  EXPECT_THAT(
      problems("T ![x](../secret.png)\n\n![x](/etc/x.png)\n\n![x](x/../../y.png)\n"),
      ElementsAre(
          "a.md:1:3: the image '../secret.png' is outside the folder of drafts; put it beside the draft "
          "and write its path from there",
          "a.md:3:1: the image '/etc/x.png' is outside the folder of drafts; put it beside the draft "
          "and write its path from there",
          "a.md:5:1: the image 'x/../../y.png' is outside the folder of drafts; put it beside the "
          "draft and write its path from there"));
}

TEST_F(DraftReaderTest, LimitsImagesTogether) {
  std::string text = "T\n";
  for (int i = 0; i < 6; ++i) {
    const std::string name = std::to_string(i) + ".png";
    files_[name] = kPng + std::string(960, static_cast<char>('a' + i));
    text += "\n![x](" + name + ")\n";
  }
  EXPECT_THAT(problems(text),
              ElementsAre("a.md:13:1: the images are larger than 5 KiB together; make them smaller"));
}

TEST(ResolveImage, StaysInTheFolderOfDrafts) {
  EXPECT_EQ("a.png", resolve_image("x.md", "a.png").value());
  EXPECT_EQ("a.png", resolve_image("d/x.md", "../a.png").value());
  EXPECT_EQ("d/e/a.png", resolve_image("d/x.md", "./e//a.png").value());
  for (const std::string& address :
       {"../a.png"s, "/a.png"s, ".."s, ""s, "."s, "d/../../a.png"s, "a\0b.png"s}) {
    EXPECT_EQ(std::nullopt, resolve_image("x.md", address)) << address;
  }
}

TEST(ResolveImage, KnowsRemoteAddresses) {
  for (const char* address :
       {"https://a/b", "HTTP://a", "data:image/png;base64,", "//a/b", "#x", "mailto:x"}) {
    EXPECT_TRUE(remote_address(address)) << address;
  }
  for (const char* address : {"a.png", "c:/a.png", "a b:c.png", "/a.png", "1:2.png"}) {
    EXPECT_FALSE(remote_address(address)) << address;
  }
}

}  // namespace
}  // namespace intake
