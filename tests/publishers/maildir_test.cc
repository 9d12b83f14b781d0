#include "publishers/email/maildir.h"

#include <gmock/gmock.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <set>

#include <boost/asio/io_context.hpp>

#include "config/load.h"
#include "publishers/email/maildir_folder.h"
#include "support/mail_certificates.h"
#include "support/mail_gate.h"

namespace publishers {
namespace {

namespace fs = std::filesystem;
using support::mail_message;
using support::run_until;
using testing::HasSubstr;

class MaildirTest : public testing::Test {
 protected:
  Receipt deliver(const OutgoingMessage& message) {
    support::RecordingGate gate(loop_.get_executor());
    maildir_.send(message, gate);
    EXPECT_TRUE(run_until(loop_, [&gate] { return gate.ended() == 1; }));
    return gate.receipt(message.token);
  }

  std::set<std::string> names(const std::string& part) const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(path_ / part))
      all.insert(entry.path().filename().string());
    return all;
  }

  std::string text(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  support::MailFolder folder_;
  const fs::path path_ = folder_.path() / "mail";
  boost::asio::io_context loop_;
  Maildir maildir_{loop_.get_executor(), path_};
};

TEST_F(MaildirTest, NamesTheFoldersThatItWritesIn) {
  ASSERT_EQ(deliver(mail_message(1)).outcome, Outcome::confirmed);
  std::set<fs::path> named;
  for (const NeededPath& needed : maildir_.paths()) {
    EXPECT_EQ(needed.use, NeededPath::Use::own_folder);
    named.insert(needed.path);
  }
  std::set<fs::path> there;
  for (const auto& entry : fs::directory_iterator(path_)) there.insert(entry.path());
  EXPECT_EQ(named, there);
}

TEST_F(MaildirTest, NamesFilesByTheMessageId) {
  EXPECT_EQ(maildir::file_name("abc123@example.test"), "abc123@example.test.fridayd");
  EXPECT_EQ(maildir::file_name("a/b:2,S@x"), "a=2Fb=3A2=2CS@x.fridayd");
  EXPECT_EQ(maildir::file_name("../../etc@x"), "=2E.=2F..=2Fetc@x.fridayd");
  EXPECT_EQ(maildir::file_name("a=2Fb@x"), "a=3D2Fb@x.fridayd");
  EXPECT_EQ(maildir::file_name(std::string(300, 'a')).size(), 64U + 8U);
  EXPECT_NE(maildir::file_name(std::string(300, 'a')), maildir::file_name(std::string(301, 'a')));
}

TEST_F(MaildirTest, WritesTheMessageForReadersOnThisMachine) {
  const OutgoingMessage message = mail_message(1, "", ".dot\r\n\r\nend\r\n");
  const Receipt receipt = deliver(message);
  EXPECT_EQ(receipt.outcome, Outcome::confirmed);
  EXPECT_EQ(receipt.remote_id, "m1@example.test.fridayd");
  EXPECT_EQ(text("new/m1@example.test.fridayd"),
            "Return-Path: <news@example.test>\nDelivered-To: reader-1@example.test\n"
            "From: <news@example.test>\nTo: <reader-1@example.test>\nMessage-ID: <m1@example.test>\n"
            "Subject: Trust\n\n.dot\n\nend\n");
  EXPECT_TRUE(names("tmp").empty());
  EXPECT_TRUE(names("cur").empty());
  struct stat status{};
  ASSERT_EQ(::stat((path_ / "new/m1@example.test.fridayd").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(status.st_nlink, 1U);
}

TEST_F(MaildirTest, ARetryIsNoSecondFile) {
  const OutgoingMessage message = mail_message(1);
  EXPECT_EQ(deliver(message).outcome, Outcome::confirmed);
  const Receipt again = deliver(message);
  EXPECT_EQ(again.outcome, Outcome::confirmed);
  EXPECT_THAT(again.reply, HasSubstr("was there before"));
  EXPECT_EQ(names("new").size(), 1U);
}

TEST_F(MaildirTest, ARetryFindsWhatAReaderMovedAndMarked) {
  for (const char* seen : {"", ":2,", ":2,S", ":2,RS"}) {
    const OutgoingMessage message = mail_message(1);
    deliver(message);
    fs::rename(path_ / "new/m1@example.test.fridayd",
               path_ / ("cur/m1@example.test.fridayd" + std::string(seen)));
    EXPECT_EQ(deliver(message).outcome, Outcome::confirmed);
    EXPECT_TRUE(names("new").empty());
    EXPECT_EQ(names("cur").size(), 1U);
    EXPECT_TRUE(names("tmp").empty());
    fs::remove_all(path_ / "cur");
  }
}

TEST_F(MaildirTest, AnotherMessageWithALongerNameIsAnother) {
  deliver(mail_message(1));
  fs::rename(path_ / "new/m1@example.test.fridayd", path_ / "cur/m1@example.test.fridayd2");
  deliver(mail_message(1));
  EXPECT_EQ(names("new").size(), 1U);
}

TEST_F(MaildirTest, WhatAKilledProcessLeftInTmpIsWrittenAnew) {
  fs::create_directories(path_ / "tmp");
  std::ofstream(path_ / "tmp/m1@example.test.fridayd") << "half";
  EXPECT_EQ(deliver(mail_message(1)).outcome, Outcome::confirmed);
  EXPECT_TRUE(names("tmp").empty());
  EXPECT_THAT(text("new/m1@example.test.fridayd"), HasSubstr("Hello."));

  // Killed between the two names of the finished file.
  fs::create_hard_link(path_ / "new/m1@example.test.fridayd", path_ / "tmp/m1@example.test.fridayd");
  EXPECT_EQ(deliver(mail_message(1)).outcome, Outcome::confirmed);
  EXPECT_TRUE(names("tmp").empty());
  EXPECT_EQ(names("new").size(), 1U);
}

TEST_F(MaildirTest, TmpHoldsNoLinkToElsewhere) {
  const fs::path victim = folder_.put("victim", "mine");
  fs::create_directories(path_ / "tmp");
  fs::create_symlink(victim, path_ / "tmp/m1@example.test.fridayd");
  EXPECT_EQ(deliver(mail_message(1)).outcome, Outcome::confirmed);
  std::ifstream in(victim);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "mine");
}

TEST_F(MaildirTest, NothingIsLeftOfWhatTheGateTookBack) {
  support::RecordingGate gate(loop_.get_executor());
  gate.refuse = {1};
  maildir_.send(mail_message(1), gate);
  bool drained = false;
  ASSERT_TRUE(run_until(loop_, [&gate] { return gate.ended() == 1; }));
  maildir_.drain([&drained] { drained = true; });
  ASSERT_TRUE(run_until(loop_, [&drained] { return drained; }));
  EXPECT_TRUE(names("tmp").empty());
  EXPECT_TRUE(names("new").empty());
}

TEST_F(MaildirTest, KeepsTheRightsOfAFolderThatWasThere) {
  fs::create_directories(path_);
  fs::permissions(path_, fs::perms(02770));
  deliver(mail_message(1));
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms(02770));
  EXPECT_EQ(fs::status(path_ / "new").permissions() & fs::perms::all, fs::perms(0700));
}

TEST_F(MaildirTest, NeedsAMessageId) {
  OutgoingMessage message = mail_message(1);
  message.message_id.clear();
  const Receipt receipt = deliver(message);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_EQ(receipt.fault, Fault::local);
}

TEST_F(MaildirTest, APathThatIsNoFolderIsNamed) {
  fs::create_directories(path_);
  std::ofstream(path_ / "new") << "a file";
  const Receipt receipt = deliver(mail_message(1));
  EXPECT_EQ(receipt.outcome, Outcome::deferred);
  EXPECT_EQ(receipt.fault, Fault::local);
  EXPECT_THAT(receipt.reply, HasSubstr((path_ / "new").string()));
}

TEST_F(MaildirTest, ARefusalOfRightsIsNamed) {
  if (::geteuid() == 0) {
    // Root is refused nothing but by a flag: another account tries instead.
    fs::create_directories(path_ / "new");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
      const Receipt receipt = maildir::Folder(path_).prepare();
      const bool named = receipt.reply.find(folder_.path().string()) != std::string::npos &&
                         receipt.reply.find("Permission denied") != std::string::npos;
      ::_exit(receipt.outcome == Outcome::deferred && receipt.fault == Fault::local && named ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    return;
  }
  fs::create_directories(path_ / "new");
  fs::permissions(path_ / "new", fs::perms::owner_read);
  const Receipt receipt = deliver(mail_message(1));
  fs::permissions(path_ / "new", fs::perms::owner_all);
  EXPECT_EQ(receipt.outcome, Outcome::deferred);
  EXPECT_EQ(receipt.fault, Fault::local);
  EXPECT_THAT(receipt.reply, HasSubstr((path_ / "new").string() + ": Permission denied"));
}

TEST_F(MaildirTest, AFullDiskDefersAndLeavesNothing) {
  // A limit on the size of files is as good as a full disk: the write fails in the middle.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    rlimit limit{4096, 4096};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    maildir::Folder folder(path_);
    const Receipt receipt = folder.write("m1", std::string(10'000, 'a'));
    const bool clean = fs::is_empty(path_ / "tmp") && fs::is_empty(path_ / "new");
    ::_exit(receipt.outcome == Outcome::deferred && receipt.fault == Fault::local && clean ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

class MaildirSectionTest : public testing::Test {
 protected:
  std::unique_ptr<MailTransport> make(const std::string& lines) {
    const config::Config config =
        config::load_text("[channels.mail]\nkind = \"maildir\"\n" + lines, "/etc/t.toml", faults_);
    config::Section& section = *config.channels.at("mail").section;
    auto transport = make_maildir(section, loop_.get_executor());
    section.finish();
    return transport;
  }
  boost::asio::io_context loop_;
  config::Faults faults_;
};

TEST_F(MaildirSectionTest, NeedsAPath) {
  EXPECT_EQ(make(""), nullptr);
  EXPECT_EQ(faults_.text(), "/etc/t.toml:1:1: [channels.mail] lacks path; write path = \"...\"\n");
}

TEST_F(MaildirSectionTest, TakesAPathAndNothingElse) {
  EXPECT_NE(make("path = \"mail/\"\n"), nullptr);
  EXPECT_EQ(faults_.text(), "");
  make("path = \"mail\"\nhost = \"a\"\n");
  EXPECT_THAT(faults_.text(), HasSubstr("unknown key \"host\""));
}

}  // namespace
}  // namespace publishers
