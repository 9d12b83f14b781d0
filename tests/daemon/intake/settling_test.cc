#include "intake/settling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/orphans.h"
#include "intake/problem_board.h"
#include "intake/slug_owners.h"

namespace intake {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Tick kStart{1000s};
const model::Instant kSince{};

std::vector<std::string> due(Settling& settling, Tick now, std::size_t limit = 100) {
  std::vector<std::string> paths;
  for (const auto& file : settling.take_due(now, limit)) paths.push_back(file.path);
  return paths;
}

TEST(Settling, WaitsUntilAFileStandsStill) {
  Settling settling(2s);
  settling.seen("a.md", {1, 10, 1, 1}, kStart, kSince);
  EXPECT_THAT(due(settling, kStart + 1999ms), IsEmpty());
  settling.seen("a.md", {1, 20, 2, 2}, kStart + 1s, kSince);  // grows
  EXPECT_THAT(due(settling, kStart + 2999ms), IsEmpty());
  settling.seen("a.md", {1, 20, 2, 2}, kStart + 2s, kSince);  // the same
  EXPECT_EQ(kStart + 3s, settling.next_due());
  EXPECT_THAT(due(settling, kStart + 3s), ElementsAre("a.md"));
  EXPECT_EQ(std::nullopt, settling.next_due());
  EXPECT_EQ(0U, settling.size());
}

TEST(Settling, TakesARenamedFileAtOnce) {
  Settling settling(2s);
  settling.complete("a.md", {1, 10, 1, 1}, kStart, kSince);
  EXPECT_THAT(due(settling, kStart), ElementsAre("a.md"));
}

TEST(Settling, WaitsForAnEmptyFileToBeFilled) {
  Settling settling(2s);
  settling.complete("a.md", {1, 0, 1, 1}, kStart, kSince);
  EXPECT_EQ(std::nullopt, settling.next_due());
  EXPECT_THAT(due(settling, kStart + 1h), IsEmpty());
  EXPECT_EQ(1U, settling.size());
  settling.seen("a.md", {1, 5, 2, 2}, kStart + 1h, kSince);
  EXPECT_THAT(due(settling, kStart + 1h + 2s), ElementsAre("a.md"));
}

TEST(Settling, AFileThatIsTruncatedAgainWaits) {
  Settling settling(2s);
  settling.seen("a.md", {1, 10, 1, 1}, kStart, kSince);
  settling.seen("a.md", {1, 0, 2, 2}, kStart + 1s, kSince);
  EXPECT_THAT(due(settling, kStart + 1h), IsEmpty());
}

TEST(Settling, TakesTheLongestWaitingFirst) {
  Settling settling(2s);
  settling.seen("b.md", {1, 10, 1, 1}, kStart, kSince);
  settling.seen("a.md", {2, 10, 1, 1}, kStart + 1s, kSince);
  settling.seen("c.md", {3, 10, 1, 1}, kStart, kSince);
  EXPECT_THAT(due(settling, kStart + 1h, 2), ElementsAre("b.md", "c.md"));
  settling.forget("a.md");
  EXPECT_THAT(due(settling, kStart + 1h), IsEmpty());
}

TEST(Settling, RemembersSinceWhenAFileIsWritten) {
  Settling settling(2s);
  settling.seen("a.md", {1, 10, 1, 1}, kStart, kSince + 5s);
  settling.seen("a.md", {1, 20, 2, 2}, kStart + 1s, kSince + 6s);
  EXPECT_THAT(settling.list(10), ElementsAre(std::pair(std::string("a.md"), kSince + 5s)));
}

Orphan orphan(const std::string& path, std::uint64_t inode, const std::string& sha, bool deleted = false) {
  return {model::DraftId{7}, path, sha, inode, deleted, kStart, false};
}

TEST(Orphans, AreFoundAgainByPathBytesOrInode) {
  Orphans orphans;
  orphans.add(orphan("a.md", 1, "aa"));
  orphans.add(orphan("b.md", 2, "bb"));
  orphans.add(orphan("c.md", 3, "cc"));
  EXPECT_EQ("b.md", orphans.claim("new.md", 9, "bb")->path);
  EXPECT_EQ("c.md", orphans.claim("new.md", 3, "xx")->path);
  EXPECT_EQ("a.md", orphans.claim("a.md", 9, "xx")->path);
  EXPECT_EQ(std::nullopt, orphans.claim("a.md", 1, "aa"));
}

TEST(Orphans, TheInodeOfADeletedFileMeansNothing) {
  Orphans orphans;
  orphans.add(orphan("a.md", 1, "aa", true));
  EXPECT_EQ(std::nullopt, orphans.claim("new.md", 1, "xx"));
  EXPECT_EQ("a.md", orphans.claim("new.md", 1, "aa")->path);
}

TEST(Orphans, AreGoneAfterAWhileAndForgottenLater) {
  Orphans orphans;
  orphans.add(orphan("a.md", 1, "aa"));
  EXPECT_EQ(kStart + 2s, orphans.next_overdue(2s));
  EXPECT_THAT(orphans.overdue(kStart + 1s, 2s), IsEmpty());
  EXPECT_EQ(1U, orphans.overdue(kStart + 2s, 2s).size());
  orphans.forget_old(kStart + 11min);  // not told to be gone yet
  orphans.mark_gone("a.md");
  EXPECT_THAT(orphans.overdue(kStart + 2s, 2s), IsEmpty());
  EXPECT_EQ(std::nullopt, orphans.next_overdue(2s));
  orphans.forget_old(kStart + 9min);
  EXPECT_NE(nullptr, orphans.find("a.md"));
  orphans.forget_old(kStart + 10min);
  EXPECT_EQ(nullptr, orphans.find("a.md"));
  EXPECT_EQ(std::nullopt, orphans.claim("x.md", 1, "aa"));
}

TEST(SlugOwners, TheFirstKeepsItsAddress) {
  SlugOwners owners;
  EXPECT_EQ("a.md", owners.take("trust", "a.md"));
  EXPECT_EQ("a.md", owners.take("trust", "b.md"));
  EXPECT_EQ("a.md", owners.take("trust", "a.md"));
  EXPECT_THAT(owners.freed(), IsEmpty());
  owners.release("a.md");
  EXPECT_THAT(owners.freed(), ElementsAre("b.md"));
  EXPECT_THAT(owners.freed(), IsEmpty());
  EXPECT_EQ("b.md", owners.take("trust", "b.md"));
}

TEST(SlugOwners, AChangeOfAddressFreesTheOldOne) {
  SlugOwners owners;
  owners.take("trust", "a.md");
  owners.take("trust", "b.md");
  EXPECT_EQ("a.md", owners.take("price", "a.md"));
  EXPECT_THAT(owners.freed(), ElementsAre("b.md"));
}

TEST(SlugOwners, ARenamedDraftKeepsIts) {
  SlugOwners owners;
  owners.take("trust", "a.md");
  owners.renamed("a.md", "z.md");
  EXPECT_EQ("z.md", owners.take("trust", "b.md"));
  owners.release("z.md");
  EXPECT_THAT(owners.freed(), ElementsAre("b.md"));
}

using Action = ProblemBoard::Action;
using Kind = ProblemBoard::Action::Kind;

std::vector<model::Problem> bad(const std::string& path) {
  return {{path, 2, 1, "bad", "mend it"}};
}

TEST(ProblemBoard, WritesAndRemovesAFileBesideADraft) {
  ProblemBoard board;
  EXPECT_THAT(board.changes(),
              ElementsAre(Action{Kind::summary, "", ""}));  // a former process may have left one
  board.set("a.md", bad("a.md"));
  EXPECT_THAT(board.changes(), ElementsAre(Action{Kind::write, "a.md", problem_text("a.md", bad("a.md"))}));
  board.set("a.md", bad("a.md"));
  EXPECT_THAT(board.changes(), IsEmpty());
  board.set("a.md", {});
  EXPECT_THAT(board.changes(), ElementsAre(Action{Kind::remove, "a.md", ""}));
  EXPECT_THAT(board.changes(), IsEmpty());
}

TEST(ProblemBoard, WritesNothingForWarningsAlone) {
  ProblemBoard board;
  board.changes();
  board.set("a.md", {{"a.md", 2, 1, "no alt", "write one", false}});
  EXPECT_THAT(board.changes(), IsEmpty());
}

TEST(ProblemBoard, TellsWarningsBelowProblems) {
  EXPECT_EQ(
      "a.md can't be published as it is.\n\na.md:2:1: bad; mend it\n\nLook at these, too:\n\n"
      "a.md:3:1: no alt; write one\n\nThis note goes away by itself once the draft is put right.\n",
      problem_text("a.md", {{"a.md", 2, 1, "bad", "mend it"}, {"a.md", 3, 1, "no alt", "write one", false}}));
}

TEST(ProblemBoard, WritesOneSummaryOnceThereAreOverAHundred) {
  ProblemBoard board;
  board.changes();
  const auto name = [](int i) { return std::to_string(1000 + i) + ".md"; };
  for (int i = 0; i < 100; ++i) board.set(name(i), bad(name(i)));
  EXPECT_EQ(100U, board.changes().size());
  board.set(name(100), bad(name(100)));
  auto actions = board.changes();
  ASSERT_EQ(101U, actions.size());
  EXPECT_EQ((Action{Kind::remove, "1000.md", ""}), actions.front());
  EXPECT_EQ(Kind::summary, actions.back().kind);
  EXPECT_EQ(0U, actions.back().text.find(
                    "101 drafts can't be published as they are.\n\n1000.md:2:1: bad; mend it\n\n"
                    "1001.md:2:1: bad; mend it\n"));
  board.set(name(50), {});
  actions = board.changes();
  ASSERT_EQ(101U, actions.size());
  EXPECT_EQ(Kind::write, actions.front().kind);
  EXPECT_EQ((Action{Kind::summary, "", ""}), actions.back());
}

TEST(ProblemBoard, RemovesWhatAFormerProcessLeftAndWritesWhatIsMissing) {
  ProblemBoard board;
  board.set("a.md", bad("a.md"));
  board.set("d/b.md", bad("d/b.md"));
  board.changes();
  board.saw({"d/b.md.problem.txt", "old.md.problem.txt"});
  EXPECT_THAT(board.changes(), ElementsAre(Action{Kind::remove_file, "old.md.problem.txt", ""},
                                           Action{Kind::write, "a.md", problem_text("a.md", bad("a.md"))}));
}

}  // namespace
}  // namespace intake
