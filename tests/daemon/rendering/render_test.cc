// The texts of an edition.
#include "maker_fixture.h"

namespace rendering {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kSha = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr const char* kOther = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

TEST_F(MakerTest, WhatTheAuthorWroteGoesBeforeWhatIsMadeUp) {
  store::DraftSeen written = seen("First words of the text.\n");
  written.head.summary = "The author's summary.";
  written.head.author = "Ada";
  written.head.subject = "Read this";
  written.head.preheader = "It is short";
  written.head.tags = {"sales", "trust"};
  written.head.canonical = "https://elsewhere.example/trust";
  written.head.extra = {{"layout", "wide"}};
  const publishers::Edition edition = edition_of(written);
  EXPECT_EQ(edition.summary, "The author's summary.");
  EXPECT_EQ(edition.author, "Ada");
  EXPECT_EQ(edition.subject, "Read this");
  EXPECT_EQ(edition.preheader, "It is short");
  EXPECT_THAT(edition.tags, ElementsAre("sales", "trust"));
  EXPECT_EQ(edition.canonical, "https://elsewhere.example/trust");
  EXPECT_EQ(edition.extra, (boost::json::object{{"layout", "wide"}}));
}

TEST_F(MakerTest, WhatTheAuthorLeftOutIsMadeUp) {
  const publishers::Edition edition = edition_of(seen("# Trust\n\nFirst words of the text.\n\nMore.\n"));
  EXPECT_EQ(edition.summary, "First words of the text. More.");
  EXPECT_EQ(edition.author, "The House");
  EXPECT_EQ(edition.subject, "Trust");
  EXPECT_EQ(edition.preheader, edition.summary);
}

TEST_F(MakerTest, ALongTextIsCutForItsSummary) {
  std::string text;
  while (text.size() < 1000) text += "word ";
  const publishers::Edition edition = edition_of(seen(text));
  EXPECT_LE(edition.summary.size(), 203u);
  EXPECT_GE(edition.summary.size(), 190u);
  EXPECT_THAT(edition.summary, testing::EndsWith("word\u2026"));
}

TEST_F(MakerTest, AHeadingThatIsTheTitleIsNotSaidTwice) {
  EXPECT_EQ(edition_of(seen("# Trust\n\nText.\n")).content_html, "<p>Text.</p>\n");
  EXPECT_THAT(edition_of(seen("# Other\n\nText.\n")).content_html, HasSubstr("Other</h1>"));
}

TEST_F(MakerTest, MergeFieldsAreMarkedForMailAndShowTheirFallbackElsewhere) {
  store::DraftSeen draft = seen("Dear {{name|reader}}, see `{{name|x}}`.\n");
  draft.head.title = "For {{Name|you}}";
  draft.head.summary = "Hello {{name|all}}";
  draft.head.preheader = "Just for {{name|you & me}}";
  const store::NewPost made = post_of(draft);
  const publishers::Edition& edition = made.deliveries.front().edition;
  EXPECT_EQ(edition.content_html, "<p>Dear reader, see <code>{{name|x}}</code>.</p>\n");
  EXPECT_EQ(edition.title, "For you");
  EXPECT_EQ(made.title, "For you");
  EXPECT_EQ(edition.summary, "Hello all");
  EXPECT_EQ(edition.subject, "For \x01name\x02you\x03");
  EXPECT_EQ(edition.preheader, "Just for \x01name\x02you & me\x03");
  EXPECT_EQ(edition.mail_html,
            "<p>Dear \x01name\x02"
            "reader\x03, see <code>{{name|x}}</code>.</p>\n");
  EXPECT_THAT(edition.mail_text, HasSubstr("Dear \x01name\x02reader\x03, see"));
}

TEST_F(MakerTest, AnExcerptShowsTheFallback) {
  EXPECT_EQ(edition_of(seen("Dear {{name|reader}}, hello.\n")).summary, "Dear reader, hello.");
}

TEST_F(MakerTest, ImagesAreNamedByTheirBytes) {
  store::DraftSeen draft = seen("![Chart](images/chart.png)\n\n![Gone](images/gone.png)\n");
  draft.assets = {{"images/chart.png", kSha, "image/png", 640, 480},
                  {"again.png", kSha, "image/png", 640, 480},
                  {"cover.jpg", kOther, "image/jpeg", 1200, 630}};
  draft.asset_bytes = {{kSha, "png"}, {kOther, "jpg"}};
  draft.head.image = "cover.jpg";
  draft.head.image_alt = "Two people shake hands";
  const publishers::Edition edition = edition_of(draft);
  EXPECT_THAT(edition.content_html, HasSubstr(std::string("src=\"asset:") + kSha + '"'));
  EXPECT_THAT(edition.content_html, HasSubstr("alt=\"Chart\" width=\"640\" height=\"480\">"));
  EXPECT_THAT(edition.content_html, Not(HasSubstr("gone.png")));
  EXPECT_THAT(edition.content_html, HasSubstr("Gone"));
  EXPECT_THAT(edition.mail_html, HasSubstr(std::string("src=\"asset:") + kSha + '"'));
  EXPECT_THAT(edition.mail_html, HasSubstr("alt=\"Chart\" width=\"520\" height=\"390\">"));
  EXPECT_EQ(edition.image, kOther);
  EXPECT_EQ(edition.image_alt, "Two people shake hands");
  ASSERT_THAT(edition.assets, SizeIs(2));
  EXPECT_EQ(edition.assets[0].name, "chart.png");
  EXPECT_EQ(edition.assets[0].media_type, "image/png");
  EXPECT_EQ(edition.assets[0].width, 640);
  EXPECT_EQ(edition.assets[1].sha256, kOther);
}

TEST_F(MakerTest, WithoutALeadingImageThereIsNone) {
  EXPECT_THAT(edition_of(seen()).image, IsEmpty());
}

TEST_F(MakerTest, RawHtmlPassesTheAllowListOrIsStripped) {
  const std::string body = "Press <kbd>Esc</kbd>.<script>alert(1)</script>\n";
  config_.content.html = "sanitise";
  EXPECT_THAT(edition_of(seen(body)).content_html, HasSubstr("<kbd>Esc</kbd>"));
  EXPECT_THAT(edition_of(seen(body)).content_html, Not(HasSubstr("<script")));
  config_.content.html = "strip";
  const publishers::Edition edition = edition_of(seen(body));
  EXPECT_THAT(edition.content_html, HasSubstr("Press Esc."));
  EXPECT_THAT(edition.content_html, Not(HasSubstr("<kbd>")));
  EXPECT_THAT(edition.mail_html, Not(HasSubstr("<kbd>")));
}

TEST_F(MakerTest, MailTextIsPlain) {
  const publishers::Edition edition = edition_of(seen("See [the **chart**](https://example.org/chart).\n"));
  EXPECT_EQ(edition.mail_text, "See the *chart* [1].\n\n[1] https://example.org/chart\n");
}

}  // namespace
}  // namespace rendering
