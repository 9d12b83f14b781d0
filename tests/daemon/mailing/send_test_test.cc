// Trials to one address, and previews: outside of the ledger.
#include "mailing/send_test.h"

#include "mailing/compose.h"
#include "mailing_fixture.h"

namespace mailing {
namespace {

class SendTest : public MailingTest {
 protected:
  SendTest() { server_.on_dot = nullptr; }  // a trial has no row
  publishers::Edition edition() {
    put("hello", {mail()});
    return house().read(
        [&](store::Store& store) { return store.edition(store.post_by_slug("hello").value().id, "mail"); });
  }
  Receipt try_out(const publishers::Edition& edition, const std::string& to) {
    std::optional<Receipt> got;
    mailing::send_test(channel(), edition, to, clock_.now(), [&](const Receipt& receipt) { got = receipt; });
    house().settle();
    return got.value_or(Receipt::failed(Outcome::uncertain, Fault::none, "never told"));
  }
};

TEST_F(SendTest, GoesToThatAddressAloneAndSaysWhatItIs) {
  readers(3);
  mailer().halt(true);
  EXPECT_EQ(try_out(edition(), "Ada@Example.org").outcome, Outcome::confirmed);
  ASSERT_EQ(server_.taken().size(), 1U);
  EXPECT_EQ(server_.taken().at(0).recipient, "Ada@example.org");
  EXPECT_THAT(server_.taken().at(0).data, HasSubstr("Subject: [Test] On hello\r\n"));
  EXPECT_EQ(counts().total(), 0);
}

TEST_F(SendTest, EachTrialIsAMessageOfItsOwn) {
  mailer().halt(true);
  const publishers::Edition one = edition();
  try_out(one, reader(1));
  try_out(one, reader(1));
  ASSERT_EQ(taken(1), 2U);
  EXPECT_NE(server_.taken().at(0).message_id, server_.taken().at(1).message_id);
}

TEST_F(SendTest, SaysWhatWasWrong) {
  mailer().halt(true);
  const publishers::Edition one = edition();
  EXPECT_EQ(try_out(one, "nobody").reply, "\"nobody\" is no mail address");
  server_.next_reply(reader(1), refused(Outcome::rejected, Fault::permanent_recipient, "550 no such user"));
  EXPECT_EQ(try_out(one, reader(1)).reply, "550 no such user");
  theme_[0].text = "{{ nothing }}";
  configure();
  EXPECT_THAT(try_out(one, reader(1)).reply, HasSubstr("email/post.html.j2:1:"));
}

TEST_F(SendTest, ATrialBesideAMailingDisturbsNeither) {
  server_.connections = 1;
  server_.silent = true;
  readers(3);
  send("mailing");
  const publishers::Edition one = edition();
  mailer().halt(false);
  std::optional<Receipt> got;
  mailing::send_test(channel(), one, "ada@example.org", clock_.now(),
                     [&](const Receipt& receipt) { got = receipt; });
  server_.silent = false;
  transport().reply_all();
  house().settle();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->outcome, Outcome::confirmed);
  EXPECT_EQ(state_of("mailing"), "confirmed: 3 of 3 accepted");
}

TEST_F(SendTest, ATrialThatIsTakenBackIsTold) {
  server_.connections = 1;
  server_.silent = true;
  readers(1);
  send("mailing");
  const publishers::Edition one = edition();
  std::optional<Receipt> got;
  mailing::send_test(channel(), one, "ada@example.org", clock_.now(),
                     [&](const Receipt& receipt) { got = receipt; });
  mailer().halt(true);
  house().settle();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->outcome, Outcome::deferred);
}

TEST_F(SendTest, APreviewIsWhatAReaderWouldGet) {
  publishers::Edition one = edition();
  one.subject = templates::mark_merge_fields("For {{name|you}}");
  one.mail_html = templates::mark_merge_fields("<p>Dear {{name|reader}},</p>\n");
  one.mail_text = templates::mark_merge_fields("Dear {{name|reader}},\n");
  EXPECT_THAT(preview(*channel(), one, "html"), HasSubstr("<p>Dear reader,</p>"));
  EXPECT_THAT(preview(*channel(), one, "text"), HasSubstr("Dear reader,"));
  EXPECT_THAT(preview(*channel(), one, "eml"), HasSubstr("Subject: For you\r\n"));
}

}  // namespace
}  // namespace mailing
