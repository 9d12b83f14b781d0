// Fixing who gets a mailing and what it says: counted first, and never changed again.
#include "mailing/freeze.h"

#include <fstream>

#include "mailing_fixture.h"

namespace mailing {
namespace {

class FreezeTest : public MailingTest {
 protected:
  // "line 3: it has no @" by address, in the order of the list
  std::vector<std::string> left_out() {
    std::vector<std::string> lines;
    for (const store::Exclusion& each :
         house().read([&](store::Store& store) { return store.exclusions(id(), 1000); })) {
      lines.push_back(each.address + " | " + each.reason);
    }
    return lines;
  }
  std::string text_of(int reader_number, std::size_t which = 0) const {
    return server_.taken(reader(reader_number)).at(which).data;
  }
};

TEST_F(FreezeTest, EveryRowIsARecipientOrIsLeftOutForAReason) {
  folder_.write("list.csv",
                "address,name,state\n"
                "ada@example.org,Ada,\n"
                "no address,,\n"
                "ben@example.org,Ben,subscribed\n"
                "ADA@example.org,Ada again,\n"
                "cleo@example.org,Cleo,unsubscribed\n"
                "dan@example.org,Dan,,,too much\n"
                "eve@example.org,Eve,\n"
                "fay@example.org,Fay,\n"
                "gus@example.org,Gus,active\n");
  folder_.write("suppressed.csv", "# those who left\nEve@Example.org\n");
  house().in_store([](store::Store& store) { store.suppress("fay@example.org", "by ada", kFriday); });
  send();
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted; 6 rows left out");
  EXPECT_THAT(left_out(), UnorderedElementsAre(
                              "no address | line 3: it has no @", HasSubstr("ADA@example.org | line 5: "),
                              "cleo@example.org | line 6: the state is 'unsubscribed'",
                              " | line 7: 5 values for 3 columns", "eve@example.org | left the list",
                              "fay@example.org | left the list"));
  const model::MessageCounts sums = counts();
  EXPECT_EQ(sums.total() + sums.excluded, 9);  // the rows of the list
  std::vector<std::string> written_to;
  for (const auto& message : server_.taken()) written_to.push_back(message.recipient);
  EXPECT_THAT(written_to, UnorderedElementsAre("ada@example.org", "ben@example.org", "gus@example.org"));
}

TEST_F(FreezeTest, AListThatCanNotBeReadHoldsItAndNamesTheFile) {
  send();
  EXPECT_EQ(state_of(), "held: " + (folder_ / "list.csv").string() + ": No such file or directory");
  EXPECT_EQ(counts().total(), 0);
  house().pass(48h);
  EXPECT_EQ(server_.dots(), 0U);
  readers(2);
  retry();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
}

TEST_F(FreezeTest, AListWithoutAddressesHoldsIt) {
  folder_.write("list.csv", "mail,name\nada@example.org,Ada\n");
  send();
  EXPECT_EQ(state_of(), "held: " + (folder_ / "list.csv").string() +
                            ":1: no column is named address or email; the columns are: mail, name");
}

TEST_F(FreezeTest, AListWithNobodyInItHoldsItAndIsReadAgain) {
  folder_.write("list.csv", "address,name\n");
  send();
  EXPECT_EQ(state_of(), "held: nobody would get it: " + (folder_ / "list.csv").string() +
                            " has no rows but the columns' names; mend the list, then say `retry`");
  readers(2);
  retry();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
}

TEST_F(FreezeTest, AListOfWhichEverybodyIsLeftOutHoldsItAndSaysWhy) {
  folder_.write("list.csv",
                "address,state\na@example.org,Opted-in\nb@example.org,Opted-in\nc@example.org,\n"
                "d@example.org,\nno address,\ne@example.org,\n");
  folder_.write("suppressed.csv", "c@example.org\n");
  house().in_store([](store::Store& store) {
    store.suppress("d@example.org", "by ada", kFriday);
    store.suppress("e@example.org", "by ada", kFriday);
  });
  send();
  EXPECT_EQ(state_of(), "held: nobody would get it: " + (folder_ / "list.csv").string() +
                            ": 6 rows are left out, and no others are there: left the list (3), the state is "
                            "'opted-in' (2), it has no @ (1); mend the list, then say `retry`");
  EXPECT_EQ(left_out().size(), 6U);
  folder_.write("list.csv", "address,state\na@example.org,active\n");
  in_store([&](store::Store& store) { store.unhold(id(), clock_.now()); });
  EXPECT_EQ(state_of(), "confirmed: 1 of 1 accepted");
  EXPECT_EQ(left_out().size(), 0U);
}

TEST_F(FreezeTest, AListThatIsBeingWrittenIsReadAMomentLater) {
  folder_.write_half("list.csv", "address\nr1@example.org\nr2@exam");
  send();
  EXPECT_EQ(state_of(), "deferred: " + (folder_ / "list.csv").string() + ": is being written");
  EXPECT_EQ(delivery().next_at, kFriday + 10s);
  readers(3);
  house().pass(10s);
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
}

TEST_F(FreezeTest, AFileOfThoseWhoLeftThatIsBeingWrittenIsReadAMomentLater) {
  readers(3);
  folder_.write_half("suppressed.csv", "");
  send();
  EXPECT_EQ(state_of(), "deferred: " + (folder_ / "suppressed.csv").string() + ": is being written");
  folder_.write("suppressed.csv", reader(2) + '\n');
  house().pass(10s);
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted; 1 rows left out");
}

TEST_F(FreezeTest, AFileOfThoseWhoLeftThatGotLostHoldsIt) {
  readers(3);
  send("without");
  EXPECT_EQ(state_of("without"), "confirmed: 3 of 3 accepted");
  folder_.write("suppressed.csv", reader(2) + '\n');
  send("with");
  EXPECT_EQ(state_of("with"), "confirmed: 2 of 2 accepted; 1 rows left out");
  std::filesystem::remove(folder_ / "suppressed.csv");
  crash();
  start();
  send();
  EXPECT_EQ(state_of(), "held: " + (folder_ / "suppressed.csv").string() +
                            ": No such file or directory, and it held those who left: put it back, or an "
                            "empty one if nobody has left, then say `retry`");
  EXPECT_EQ(taken(2), 1U);
  // Written empty, it may go.
  folder_.write("suppressed.csv", "");
  retry();
  EXPECT_EQ(state_of(), "confirmed: 3 of 3 accepted");
  std::filesystem::remove(folder_ / "suppressed.csv");
  send("later");
  EXPECT_EQ(state_of("later"), "confirmed: 3 of 3 accepted");
}

TEST_F(FreezeTest, AFileOfThoseWhoLeftThatCanNotBeReadHoldsIt) {
  readers(2);
  settings_.suppressed = folder_ / "folder";
  std::filesystem::create_directory(folder_ / "folder");
  send();
  EXPECT_EQ(state_of(), "held: " + (folder_ / "folder").string() + ": Is a directory");
  EXPECT_EQ(server_.dots(), 0U);
}

TEST_F(FreezeTest, AThemeThatCanNotBeRenderedHoldsItAndSaysWhere) {
  readers(2);
  theme_[1].text = "{{ post.titel }}";
  send();
  EXPECT_THAT(state_of(), HasSubstr("held: email/post.txt.j2:1:9: "));
  EXPECT_THAT(state_of(), HasSubstr("titel"));
  EXPECT_EQ(counts().total(), 0);
  theme_ = theme("Mended.");
  configure();
  retry();
  EXPECT_EQ(state_of(), "confirmed: 2 of 2 accepted");
}

TEST_F(FreezeTest, ATextThatCanNotBeMadeOutHoldsItBeforeAnybodyIsFixed) {
  readers(2);
  store::NewDelivery broken = mail();
  broken.edition.subject = "two\nlines";
  put("hello", {broken});
  mailer().nudge();
  house().settle();
  EXPECT_THAT(state_of(), HasSubstr("held: the subject "));
  EXPECT_EQ(counts().total(), 0);
}

TEST_F(FreezeTest, ThemeListAndChannelMayChangeAfterwardsAndTheMailDoesNot) {
  server_.connections = 1;
  server_.silent = true;
  readers(3);
  send();
  crash();
  theme_ = theme("Other words.");
  settings_.from = publishers::parse_mailbox("Other <other@example.org>").value();
  folder_.write("list.csv", "address\nnew@example.org\n");
  clock_.move_to(kFriday + 2h);
  server_.silent = false;
  start();
  house().settle();
  EXPECT_EQ(counts().total(), 3);
  EXPECT_EQ(server_.taken("new@example.org").size(), 0U);
  EXPECT_THAT(text_of(3), HasSubstr("Words."));
  EXPECT_THAT(text_of(3), Not(HasSubstr("Other")));
  EXPECT_THAT(text_of(3), HasSubstr("From: Friday <friday@example.org>"));
  EXPECT_THAT(text_of(3), HasSubstr("Date: Fri, 27 Nov 2026 08:00:00 -0500"));
}

TEST_F(FreezeTest, AMessageThatIsSentAgainIsTheSameToTheByte) {
  settings_.uncertain = publishers::MailSettings::Uncertain::resend;
  readers(1);
  server_.next_reply(reader(1), refused(Outcome::deferred, Fault::transient, "451 later"), true);
  server_.next_reply(reader(1), refused(Outcome::uncertain, Fault::none, "no reply"), true);
  send();
  crash();
  start();
  house().pass(300s);
  ASSERT_EQ(taken(1), 3U);
  EXPECT_EQ(text_of(1, 0), text_of(1, 1));
  EXPECT_EQ(text_of(1, 0), text_of(1, 2));
}

TEST_F(FreezeTest, ReadersAreCalledByTheirNames) {
  folder_.write("list.csv", "address,name,city\nada@example.org,Ada,Turin\nben@example.org,,\n");
  store::NewDelivery merged = mail();
  merged.edition.subject = templates::mark_merge_fields("For {{name|you}}");
  merged.edition.mail_text = templates::mark_merge_fields("From {{city|afar}}.\n");
  put("hello", {merged});
  mailer().nudge();
  house().settle();
  EXPECT_THAT(server_.taken("ada@example.org").at(0).data, HasSubstr("Subject: For Ada\r\n"));
  EXPECT_THAT(decoded(server_.taken("ada@example.org").at(0).data), HasSubstr("From Turin."));
  EXPECT_THAT(server_.taken("ben@example.org").at(0).data, HasSubstr("Subject: For you\r\n"));
  EXPECT_THAT(decoded(server_.taken("ben@example.org").at(0).data), HasSubstr("From afar."));
}

TEST_F(FreezeTest, WordsThatStandInForAReadersOwnAreEscapedOnce) {
  folder_.write("list.csv", "address,name\nada@example.org,Ada & Co\nben@example.org,\n");
  store::NewDelivery merged = mail();
  merged.edition.subject = templates::mark_merge_fields("For {{name|Tom & Jerry}} & all");
  merged.edition.preheader = templates::mark_merge_fields("Dear {{name|Sir & Madam}}, 1 < 2");
  put("hello", {merged});
  channel()->theme = std::make_shared<templates::TemplateSet>(std::filesystem::path());
  mailer().nudge();
  house().settle();
  const std::string ben = decoded(server_.taken("ben@example.org").at(0).data);
  EXPECT_THAT(ben, HasSubstr("<title>For Tom &amp; Jerry &amp; all</title>"));
  EXPECT_THAT(ben, HasSubstr(">Dear Sir &amp; Madam, 1 &lt; 2&"));
  const std::string ada = decoded(server_.taken("ada@example.org").at(0).data);
  EXPECT_THAT(ada, HasSubstr("<title>For Ada &amp; Co &amp; all</title>"));
  EXPECT_THAT(ada, HasSubstr(">Dear Ada &amp; Co, 1 &lt; 2&"));
}

TEST_F(FreezeTest, WhoseOwnWordsCanNotStandInTheMailFailsAloneAndUnsent) {
  folder_.write("list.csv", "address,city\nada@example.org,Turin\nben@example.org,\"Two\nlines\"\n");
  store::NewDelivery merged = mail();
  merged.edition.subject = templates::mark_merge_fields("For {{city|you}}");
  put("hello", {merged});
  mailer().nudge();
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 1 of 2 accepted, 1 failed");
  EXPECT_THAT(rows().at(1).reply, HasSubstr("line break"));
  EXPECT_EQ(server_.dots(), 1U);
}

TEST_F(FreezeTest, TheWayToLeaveIsTheReadersOwnAndWellFormedInBothTexts) {
  readers(1);
  send();
  const std::string text = decoded(text_of(1));
  EXPECT_THAT(text, HasSubstr("\nhttps://example.org/leave?list=1&who=r1%40example.org\r\n"));
  EXPECT_THAT(text, HasSubstr("<a href=\"https://example.org/leave?list=1&amp;who=r1%40example.org\">"));
  EXPECT_THAT(text_of(1),
              HasSubstr("List-Unsubscribe: <https://example.org/leave?list=1&who=r1%40example.org>"));
}

TEST_F(FreezeTest, InARehearsalAllMailGoesToOneAddress) {
  rehearsal_to_ = "me@example.net";
  readers(5);
  send();
  EXPECT_EQ(state_of(), "confirmed: 1 of 1 accepted");
  ASSERT_EQ(server_.taken().size(), 1U);
  EXPECT_EQ(server_.taken().at(0).recipient, "me@example.net");
}

TEST_F(FreezeTest, TheListIsCountedBeforehandAsItIsFixedLater) {
  folder_.write("list.csv", "address\na@example.org\nb@example.org\nno address\na@example.org\n");
  folder_.write("suppressed.csv", "b@example.org\n");
  house();
  EXPECT_EQ(count_recipients(*channel(), false), std::pair(std::int64_t{1}, std::int64_t{3}));
  std::filesystem::remove(folder_ / "list.csv");
  EXPECT_THROW(count_recipients(*channel(), false), std::runtime_error);
}

// Links and images ---------------------------------------------------------------------------------

const std::string kChart(64, 'c');  // the hash of an image

class WithABlog : public FreezeTest {
 protected:
  // A post whose blog, if it was confirmed, gave it an address and its image one too.
  void post(bool live) {
    readers(1);
    store::NewDelivery to_mail = mail();
    to_mail.edition.image = kChart;
    to_mail.edition.mail_html = "<p><img src=\"asset:" + kChart + "\" alt=\"A chart\"></p>\n";
    to_mail.edition.assets.push_back({"chart.png", kChart, "image/png", 1, 1, nullptr});
    to_mail.edition.permalink = "https://blog.example/planned/";
    store::NewDelivery to_blog = support::delivery_to("blog");
    to_blog.state = DeliveryState::ready;
    house().in_store([](store::Store& store) {
      store::DraftSeen seen;
      seen.path = "chart.md";
      seen.bytes = "text";
      seen.sha256 = "sha256 of text";
      seen.assets.push_back({"chart.png", kChart, "image/png", 1, 1});
      seen.asset_bytes[kChart] = "the image's bytes";
      return store.put_draft(seen, kFriday);
    });
    put("hello", {to_blog, to_mail});
    house().in_store([live](store::Store& store) {
      const store::Work work = store.claim({"blog"}, {1, 1, kFriday + 10min}, kFriday, 1).at(0);
      Receipt receipt = Receipt::confirmed("b1", "https://blog.example/hello/");
      receipt.asset_urls[kChart] = "https://blog.example/assets/chart.png";
      if (!live) receipt = Receipt::failed(Outcome::rejected, Fault::none, "HTTP 422");
      store::DeliveryUpdate update;
      update.state = live ? DeliveryState::confirmed : DeliveryState::rejected;
      update.permalink = receipt.permalink;
      store.finish(work.delivery.id, work.delivery.fence, update, receipt, kFriday);
    });
    mailer().nudge();
    house().settle();
    ASSERT_EQ(state_of(), "confirmed: 1 of 1 accepted");
  }
  std::string sent() const { return decoded(server_.taken(reader(1)).back().data); }
};

TEST_F(WithABlog, ThePostIsLinkedWhereItIsLiveAndSoAreItsImages) {
  post(true);
  EXPECT_THAT(sent(), HasSubstr("\nhttps://blog.example/hello/\r\n"));
  EXPECT_THAT(sent(), HasSubstr("<a href=\"https://blog.example/hello/\">web</a>"));
  EXPECT_THAT(sent(), HasSubstr("<p><img src=\"https://blog.example/assets/chart.png\" alt=\"A chart\">"));
  EXPECT_THAT(sent(), HasSubstr("</p>\r\n<img src=\"https://blog.example/assets/chart.png\">"));
  EXPECT_THAT(sent(), Not(HasSubstr("image/png")));
}

TEST_F(WithABlog, WithoutABlogThereIsNoLinkNotEvenThePlannedOne) {
  post(false);
  EXPECT_THAT(sent(), Not(HasSubstr("blog.example")));
  EXPECT_THAT(sent(), HasSubstr("alt=\"A chart\""));
  EXPECT_THAT(sent(), Not(HasSubstr("asset:")));
}

TEST_F(WithABlog, EmbeddedImagesGoAlongWithOrWithoutABlog) {
  settings_.images = publishers::MailSettings::Images::embedded;
  for (const bool live : {true, false}) {
    if (!live) crash();
    if (!live) std::filesystem::remove(folder_ / "fridayd.db");
    post(live);
    const std::string cid = kChart.substr(0, 32) + "@example.org";
    EXPECT_THAT(sent(), HasSubstr("Content-Type: image/png"));
    EXPECT_THAT(sent(), HasSubstr("Content-ID: <" + cid + ">"));
    EXPECT_THAT(sent(), HasSubstr("dGhlIGltYWdlJ3MgYnl0ZXM"));
    EXPECT_THAT(sent(), HasSubstr("<p><img src=\"cid:" + cid + "\" alt=\"A chart\">"));
    EXPECT_THAT(sent(), HasSubstr("</p>\r\n<img src=\"cid:" + cid + "\">"));
  }
}

// A list of many chunks ----------------------------------------------------------------------------

TEST_F(FreezeTest, ACrashWhileALongListIsFixedBeginsItAnewAndNobodyIsWrittenToBefore) {
  constexpr int kReaders = 25'000;
  readers(kReaders);
  folder_.append("list.csv", "no address\n");
  settings_.test_only = true;
  queue();
  // Each chunk waits for the house to hear of the one before.
  const auto fixed = [&] {
    return house().read([&](store::Store& store) { return store.message_counts(id()); });
  };
  house().run_until([&] { return fixed().total() > 0; });
  crash();
  EXPECT_EQ(server_.dots(), 0U);
  server_.connections = 50;
  server_.on_dot = nullptr;
  start();
  EXPECT_THAT(house().recovered(), IsEmpty());
  EXPECT_LT(fixed().total(), kReaders);
  EXPECT_FALSE(house().read([&](store::Store& store) { return store.frozen_mail(id()); }));
  house().settle();
  EXPECT_EQ(state_of(), "confirmed: 25000 of 25000 accepted; 1 rows left out");
  const model::MessageCounts sums = counts();
  EXPECT_EQ(sums.total(), kReaders);
  EXPECT_EQ(sums.excluded, 1);
  EXPECT_EQ(server_.taken().size(), static_cast<std::size_t>(kReaders));
}

}  // namespace
}  // namespace mailing
