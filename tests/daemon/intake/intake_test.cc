#include "intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "intake/published_file.h"
#include "intake/sha256.h"
#include "store/sqlite/sqlite_store.h"
#include "support/sqlite_probe.h"

namespace intake {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using model::DraftState;
using testing::ElementsAre;
using testing::IsEmpty;

class FixedClock : public model::Clock {
 public:
  model::Instant now() const override { return now_; }
  model::Instant now_ = *model::parse_rfc3339("2026-11-24T09:00:00Z");
};

// Time that stands still until a test moves it.
struct TestTime {
  Tick now{1000s};
  std::optional<Tick> due;
  std::function<void()> ring;
};
class TestTicker : public runtime::Ticker {
 public:
  explicit TestTicker(TestTime& time) : time_(time) {}
  Tick now() const override { return time_.now; }
  void set(Tick due, std::function<void()> ring) override {
    time_.due = due;
    time_.ring = std::move(ring);
  }
  void cancel() override { time_.due.reset(); }

 private:
  TestTime& time_;
};

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() {
    std::string name = (fs::temp_directory_path() / "fridayd-intake-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    config_.daemon.content = root_;
    config_.series["friday"].key = "friday";
    config_.channels["blog"].key = "blog";
    store_ =
        std::make_unique<store::StoreThread>(store::open_sqlite(":memory:", store::Mode::read_write), nullptr,
                                             house_.get_executor(), [](const store::StoreError&) {});
    start();
  }
  ~IntakeTest() override {
    intake_.reset();
    store_->stop();
    fs::remove_all(root_);
  }

  void start() {
    intake_ = std::make_unique<Intake>(house_.get_executor(), house_.get_executor(),
                                       std::make_unique<TestTicker>(time_), config_, *store_, clock_,
                                       [this] { ++changes_; });
    intake_->start();
    run();
  }

  void restart() {
    intake_.reset();
    run();
    start();
  }

  template <class Work>
  auto in_store(Work work) {
    using R = std::invoke_result_t<Work&, store::Store&>;
    std::optional<store::Result<R>> result;
    store_->write(work, [&](store::Result<R> got) { result = std::move(got); });
    while (!result) house_.run_one();
    EXPECT_TRUE(result->has_value()) << result->error().what;
    if constexpr (!std::is_void_v<R>) return std::move(**result);
  }

  // Until neither the house nor the store has anything left to do.
  void run() {
    for (;;) {
      std::size_t done = house_.poll();
      bool passed = false;
      store_->write([](store::Store&) {}, [&](const store::Result<void>&) { passed = true; });
      while (!passed) done += house_.run_one();
      if (done <= 1) return;
    }
  }

  void pass(std::chrono::milliseconds span) {
    run();
    const Tick end = time_.now + span;
    while (time_.due && *time_.due <= end) {
      time_.now = std::max(time_.now, *time_.due);
      time_.due.reset();
      time_.ring();
      run();
    }
    time_.now = end;
    run();
  }

  fs::path drafts(const std::string& path) const { return root_ / "drafts" / path; }
  // As a program that writes in place.
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories(drafts(path).parent_path());
    std::ofstream(drafts(path), std::ios::binary) << text;
  }
  // As one that writes aside and renames.
  void drop(const std::string& path, const std::string& text) const {
    std::ofstream(root_ / "aside", std::ios::binary) << text;
    fs::rename(root_ / "aside", drafts(path));
  }
  static std::string text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // "d1 a.md ready", one for each draft that is not gone.
  std::vector<std::string> all() {
    std::vector<std::string> lines;
    for (const model::Draft& draft :
         in_store([](store::Store& store) { return store.drafts(true, {}, 1000); })) {
      lines.push_back(draft.id.text() + ' ' + draft.path + ' ' + std::string(model::name(draft.state)));
    }
    return lines;
  }
  model::Draft draft(std::int64_t id) {
    return *in_store([id](store::Store& store) { return store.draft(model::DraftId{id}); });
  }

  void publish(std::int64_t id) {
    const model::Draft taken = draft(id);
    store::NewPost post;
    post.pid = "01JDXAMPLEAMPLEAMPLEAMPLE" + std::to_string(id % 10);
    post.draft = taken.id;
    post.draft_revision = taken.revision;
    post.series = "friday";
    post.slug = taken.head.slug;
    post.title = taken.head.title;
    post.deliveries.emplace_back().channel = "blog";
    in_store([post, now = clock_.now()](store::Store& store) { return store.fill(post, now); });
  }

  // The post of a draft, given up.
  void cancel(std::int64_t id) {
    const model::PostId post = draft(id).post;
    in_store([post, now = clock_.now()](store::Store& store) {
      for (const model::Delivery& delivery : store.deliveries(post)) store.cancel(delivery.id, "no", now);
    });
  }
  // Posts of other files, so many that those before are far back.
  void publish_others(int count) {
    in_store([count, now = clock_.now()](store::Store& store) {
      for (int i = 0; i < count; ++i) {
        store::DraftSeen seen;
        seen.path = "other/" + std::to_string(i) + ".md";
        seen.bytes = seen.sha256 = seen.path;
        store::NewPost post;
        post.draft = store.put_draft(seen, now).id;
        post.draft_revision = 1;
        post.pid = post.slug = "other-" + std::to_string(i);
        store.fill(post, now);
      }
    });
  }
  bool has_file(std::int64_t id) { return intake_->has_file(draft(id)); }

  boost::asio::io_context house_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_{house_.get_executor()};
  TestTime time_;
  FixedClock clock_;
  fs::path root_;
  config::Config config_;
  std::unique_ptr<store::StoreThread> store_;
  std::unique_ptr<Intake> intake_;
  int changes_ = 0;
};

TEST_F(IntakeTest, TakesAFileOnceItStandsStill) {
  write("a.md", "# Trust\n\nText.\n");
  pass(1900ms);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_THAT(intake_->settling(), ElementsAre(std::pair(std::string("a.md"), clock_.now())));
  write("a.md", "# Trust\n\nText and more.\n");
  pass(1900ms);
  EXPECT_THAT(all(), IsEmpty());
  const int before = changes_;
  pass(100ms);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ("Trust", draft(1).head.title);
  EXPECT_GT(changes_, before);
  EXPECT_THAT(intake_->settling(), IsEmpty());
}

TEST_F(IntakeTest, TakesARenamedFileAtOnce) {
  drop("a.md", "Text.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
}

TEST_F(IntakeTest, WaitsForAnEmptyFile) {
  drop("a.md", "");
  pass(10min);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_THAT(intake_->settling(), testing::SizeIs(1));
  write("a.md", "Text.\n");
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
}

TEST_F(IntakeTest, AnEditIsARevisionOfTheSameDraft) {
  drop("a.md", "One.\n");
  run();
  drop("a.md", "Two.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ(2, draft(1).revision);
}

TEST_F(IntakeTest, FindsFilesInFoldersThatAppear) {
  write("trust/index.md", "Text.\n");
  pass(4s);
  EXPECT_THAT(all(), ElementsAre("d1 trust/index.md ready"));
  drop("trust/index.md", "More.\n");  // the folder is watched by now
  run();
  EXPECT_EQ(2, draft(1).revision);
}

TEST_F(IntakeTest, ReadsNothingAgainAfterARestart) {
  drop("a.md", "Text.\n");
  run();
  restart();
  pass(1h);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ(1, draft(1).revision);
  EXPECT_TRUE(intake_->up_to_date());
}

TEST_F(IntakeTest, TakesWhatCameWhileItWasAway) {
  drop("a.md", "One.\n");
  run();
  intake_.reset();
  drop("a.md", "Two.\n");
  drop("b.md", "Text.\n");
  start();
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready", "d2 b.md ready"));
  EXPECT_EQ(2, draft(1).revision);
}

// --- renames and ends ---

TEST_F(IntakeTest, ARenamedFileKeepsItsDraft) {
  drop("a.md", "---\ntitle: T\n---\nText.\n");
  run();
  const auto first_ready = draft(1).first_ready;
  clock_.now_ += 1h;
  fs::rename(drafts("a.md"), drafts("b.md"));
  pass(1min);
  EXPECT_THAT(all(), ElementsAre("d1 b.md ready"));
  EXPECT_EQ(first_ready, draft(1).first_ready);
  EXPECT_EQ(1, draft(1).revision);
}

TEST_F(IntakeTest, AFileThatWasRenamedAndEditedWhileItWasAwayKeepsItsDraft) {
  drop("a.md", "---\ntitle: T\n---\nText.\n");
  run();
  intake_.reset();
  fs::rename(drafts("a.md"), drafts("b.md"));
  write("b.md", "---\ntitle: T\n---\nMore text.\n");
  start();
  pass(1min);
  EXPECT_THAT(all(), ElementsAre("d1 b.md ready"));
  EXPECT_EQ(2, draft(1).revision);
}

TEST_F(IntakeTest, AFolderThatIsRenamedKeepsItsDrafts) {
  write("one/a.md", "A.\n");
  write("one/b.md", "B.\n");
  pass(5s);
  fs::rename(drafts("one"), drafts("two"));
  pass(2min);
  EXPECT_THAT(all(), ElementsAre("d1 two/a.md ready", "d2 two/b.md ready"));
}

TEST_F(IntakeTest, ADeletedFileIsGoneAndItsInodeMeansNothing) {
  drop("a.md", "Text.\n");
  run();
  fs::remove(drafts("a.md"));
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));  // an editor may be about to write it
  pass(2s);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_EQ(DraftState::gone, draft(1).state);
  drop("b.md", "Another.\n");
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d2 b.md ready"));
}

TEST_F(IntakeTest, AFileThatComesBackSoonIsTheSameDraft) {
  drop("a.md", "Text.\n");
  run();
  fs::remove(drafts("a.md"));
  pass(5min);
  EXPECT_THAT(all(), IsEmpty());
  drop("elsewhere.md", "Text.\n");
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d1 elsewhere.md ready"));
}

TEST_F(IntakeTest, AFileThatComesBackLateIsANewDraft) {
  drop("a.md", "Text.\n");
  run();
  fs::remove(drafts("a.md"));
  pass(11min);
  drop("a.md", "Text.\n");
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d2 a.md ready"));
}

TEST_F(IntakeTest, AnEditorThatReplacesAFileLosesNothing) {
  drop("a.md", "One.\n");
  run();
  fs::rename(drafts("a.md"), drafts("a.md~"));
  run();
  write("a.md", "Two.\n");
  fs::remove(drafts("a.md~"));
  pass(1min);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ(2, draft(1).revision);
}

TEST_F(IntakeTest, AFolderThatIsAwayIsNoDeletion) {
  drop("a.md", "Text.\n");
  run();
  fs::rename(root_ / "drafts", root_ / "elsewhere");
  pass(10min);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ((root_ / "drafts").string() + ": No such file or directory", intake_->trouble());
  fs::rename(root_ / "elsewhere", root_ / "drafts");
  pass(2min);
  EXPECT_EQ("", intake_->trouble());
  drop("a.md", "More.\n");
  run();
  EXPECT_EQ(2, draft(1).revision);
}

// --- problems ---

TEST_F(IntakeTest, WritesAProblemFileAndTakesItAway) {
  drop("a.md", "---\ntitle: A: B\n---\nText.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md problem"));
  EXPECT_EQ(
      "a.md can't be published as it is.\n\na.md:2:9: the value of 'title' holds a colon; put the title in "
      "quotes: "
      "title: \"A: B\"\n\nThis note goes away by itself once the draft is put right.\n",
      text(drafts("a.md.problem.txt")));
  drop("a.md", "---\ntitle: \"A: B\"\n---\nText.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, TakesAwayTheProblemFileOfADraftThatWent) {
  drop("a.md", "---\nseries: x\n---\nText.\n");
  run();
  ASSERT_TRUE(fs::exists(drafts("a.md.problem.txt")));
  fs::remove(drafts("a.md"));
  pass(1min);
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, TakesAwayProblemFilesOfAFormerLife) {
  intake_.reset();
  write("old.md.problem.txt", "old");
  start();
  EXPECT_FALSE(fs::exists(drafts("old.md.problem.txt")));
}

TEST_F(IntakeTest, KeepsAProblemFileOverARestart) {
  drop("a.md", "---\nseries: x\n---\nText.\n");
  run();
  restart();
  pass(1min);
  EXPECT_TRUE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, WritesOneSummaryForManyProblems) {
  for (int i = 0; i < 101; ++i) drop(std::to_string(i) + ".md", "---\nseries: x\n---\nText.\n");
  run();
  EXPECT_FALSE(fs::exists(drafts("0.md.problem.txt")));
  EXPECT_EQ(0U, text(drafts("PROBLEMS.txt")).find("101 drafts can't be published as they are.\n"));
}

TEST_F(IntakeTest, ReadsAgainWhenAMissingImageArrives) {
  drop("a.md", "Text.\n\n![x](a.png)\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md problem"));
  drop("a.png", std::string("GIF89a\1\0\1\0", 10));
  pass(2s);
  EXPECT_EQ("the image 'a.png' is a GIF by its bytes", draft(1).why);
  fs::remove(drafts("a.png"));
  drop("a.png", std::string("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1", 24));
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, TheSecondDraftOfAnAddressWaitsForIt) {
  drop("a.md", "# Trust\n\nOne.\n");
  run();
  drop("b.md", "# Trust\n\nTwo.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready", "d2 b.md problem"));
  EXPECT_EQ(
      "b.md:1:1: the draft 'a.md' has the address 'trust' already; give one of them another title, or a line "
      "slug: ...",
      draft(2).problems.at(0).text());
  drop("a.md", "# Another\n\nOne.\n");
  pass(2s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready", "d2 b.md ready"));
}

TEST_F(IntakeTest, AnAddressStaysWithItsDraftOverARestart) {
  drop("b.md", "# Trust\n\nOne.\n");
  run();
  restart();
  drop("a.md", "# Trust\n\nTwo.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 b.md ready", "d2 a.md problem"));
}

TEST_F(IntakeTest, TheAddressOfAPostIsTaken) {
  drop("a.md", "# Trust\n\nOne.\n");
  run();
  publish(1);
  fs::remove(drafts("a.md"));
  pass(1min);
  drop("b.md", "# Trust\n\nTwo.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md published", "d2 b.md problem"));
  EXPECT_EQ("the published post \"Trust\" has the address 'trust' already", draft(2).why);
}

TEST_F(IntakeTest, ShowsProblemsOfThePlanBesideTheDraft) {
  drop("a.md", "Text.\n");
  run();
  intake_->plan_problems({{"a.md", 3, 7, "2026-11-28 is no slot", "write 2026-11-27 or 2026-12-04"}});
  run();
  EXPECT_NE(std::string::npos,
            text(drafts("a.md.problem.txt")).find("a.md:3:7: 2026-11-28 is no slot; write "));
  intake_->plan_problems({});
  run();
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, NamesWhatItRefuses) {
  write("../secret.md", "secret");
  fs::create_symlink(root_ / "secret.md", drafts("link.md"));
  pass(1min);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_THAT(intake_->refused(),
              ElementsAre(Refusal{"link.md", "is a symbolic link", "put the file itself there"}));
}

TEST_F(IntakeTest, AFileThatEndedTheProcessThreeTimesIsQuarantined) {
  intake_.reset();
  in_store([&](store::Store& store) {
    for (int i = 0; i < 3; ++i) store.begin_reading("poison.md", clock_.now());
    store.begin_reading("innocent.md", clock_.now());
  });
  write("poison.md", "Poison.\n");
  write("innocent.md", "Text.\n");
  start();
  pass(10s);
  EXPECT_THAT(all(), ElementsAre("d1 innocent.md ready", "d2 poison.md quarantined"));
  EXPECT_TRUE(fs::exists(drafts("poison.md.problem.txt")));
  restart();
  pass(2min);
  EXPECT_THAT(all(), ElementsAre("d1 innocent.md ready", "d2 poison.md quarantined"));
  drop("poison.md", "Mended.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 innocent.md ready", "d2 poison.md ready"));
}

// --- configuration ---

TEST_F(IntakeTest, ReadsAgainByNewRules) {
  drop("a.md", "---\nseries: monday\n---\nText.\n");
  run();
  EXPECT_THAT(all(), ElementsAre("d1 a.md problem"));
  config_.series["monday"].key = "monday";
  intake_->reconfigure(config_);
  pass(4s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ(1, draft(1).revision);
}

TEST_F(IntakeTest, ReadsAgainWhenTheRulesChangedWhileItWasAway) {
  drop("a.md", "---\nchannels: blog\n---\nText.\n");
  pass(1min);
  intake_.reset();
  config_.channels.clear();
  start();
  pass(1min);
  EXPECT_THAT(all(), ElementsAre("d1 a.md problem"));
}

// --- what it writes ---

TEST_F(IntakeTest, WritesTheStatusPage) {
  intake_->show_status("# Status\n");
  run();
  EXPECT_EQ("# Status\n", text(root_ / "STATUS.md"));
}

PutAway away(const std::string& path, const std::string& bytes) {
  const model::LocalDate date{2026y, std::chrono::November, 27d};
  return {path,
          sha256_hex(bytes),
          with_publication(bytes, "https://example.org/trust/", date),
          published_stem(date, "trust"),
          {}};
}

TEST_F(IntakeTest, PutsAPublishedDraftAway) {
  const std::string bytes = "# Trust\n\nText.\n";
  drop("a.md", bytes);
  run();
  publish(1);
  std::string path;
  intake_->put_away(away("a.md", bytes), [&](const Folder::Filed& filed) { path = filed.path; });
  pass(2min);
  EXPECT_EQ("2026/2026-11-27-trust.md", path);
  EXPECT_TRUE(fs::exists(root_ / "published" / path));
  EXPECT_FALSE(fs::exists(drafts("a.md")));
  EXPECT_THAT(all(), ElementsAre("d1 a.md published"));
}

TEST_F(IntakeTest, ReadsNoPublishedDraftAgain) {
  drop("a.md", "# Trust\n\nText.\n");
  run();
  publish(1);
  for (int i = 0; i < 5; ++i) {
    restart();
    write("a.md", "# Trust\n\nText.\n");
    pass(2min);
  }
  EXPECT_THAT(all(), ElementsAre("d1 a.md published"));
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
}

TEST_F(IntakeTest, ACancelledDraftStaysAwayUntilItSaysSomethingElse) {
  drop("a.md", "# Trust\n\nText.\n");
  run();
  publish(1);
  cancel(1);
  drop("a.md", "# Trust\n\nText.\n");  // by a program that writes what was there
  pass(2min);
  EXPECT_EQ(all().size(), 1U) << all().back();
  EXPECT_TRUE(has_file(1));
  publish_others(210);
  for (int i = 0; i < 4; ++i) {
    restart();
    write("a.md", "# Trust\n\nText.\n");
    pass(2min);
  }
  EXPECT_EQ(all().size(), 211U) << all().back();
  EXPECT_TRUE(has_file(1));
  EXPECT_FALSE(fs::exists(drafts("a.md.problem.txt")));
  drop("a.md", "# Trust\n\nAnother text.\n");
  run();
  EXPECT_EQ(all().back(), "d212 a.md ready");
  EXPECT_FALSE(has_file(1));
  // What a draft says counts from then on, even if it was said before.
  drop("a.md", "# Trust\n\nText.\n");
  run();
  EXPECT_EQ(all().back(), "d212 a.md ready");
  EXPECT_EQ(draft(212).revision, 2);
}

TEST_F(IntakeTest, ACancelledDraftIsTheSameUnderAnotherName) {
  drop("a.md", "# Trust\n\nText.\n");
  run();
  publish(1);
  cancel(1);
  fs::rename(drafts("a.md"), drafts("b.md"));
  pass(2min);
  EXPECT_THAT(all(), ElementsAre("d1 b.md published"));
  EXPECT_TRUE(has_file(1));
  fs::remove(drafts("b.md"));
  pass(1min);
  EXPECT_FALSE(has_file(1));
  drop("c.md", "# Trust\n\nText.\n");
  pass(1min);
  EXPECT_THAT(all(), ElementsAre("d1 c.md published"));
}

TEST_F(IntakeTest, ACancelledDraftThatWasMovedOrCopiedWhileNobodyLookedStaysAway) {
  drop("a.md", "# Trust\n\nText.\n");
  run();
  publish(1);
  cancel(1);
  intake_.reset();
  fs::rename(drafts("a.md"), drafts("b.md"));
  restart();
  pass(2min);
  EXPECT_THAT(all(), ElementsAre(testing::EndsWith("published")));
  restart();
  drop("c.md", "# Trust\n\nText.\n");
  pass(2min);
  EXPECT_THAT(all(), ElementsAre(testing::EndsWith("published")));
}

TEST_F(IntakeTest, APublishedDraftWhoseFileStayedIsNamed) {
  const std::string bytes = "# Trust\n\nText.\n";
  drop("a.md", bytes);
  run();
  publish(1);
  intake_->put_away(away("a.md", bytes), [](const Folder::Filed&) {});
  run();
  EXPECT_THAT(intake_->taken(), IsEmpty());
  drop("a.md", bytes);
  pass(2min);
  EXPECT_THAT(all(), ElementsAre("d1 a.md published"));
  EXPECT_THAT(intake_->taken(), ElementsAre(model::DraftId{1}));
  fs::remove(drafts("a.md"));
  pass(2min);
  EXPECT_THAT(intake_->taken(), IsEmpty());
}

TEST_F(IntakeTest, AStoreThatCanNotBeReadAtTheStartIsAskedAgain) {
  intake_.reset();
  store_->stop();
  const support::SqliteProbe probe;
  store_ =
      std::make_unique<store::StoreThread>(store::open_sqlite(":memory:", store::Mode::read_write), nullptr,
                                           house_.get_executor(), [](const store::StoreError&) {});
  const auto rename = [&](const char* from, const char* to) {
    in_store([&, sql = std::string("ALTER TABLE ") + from + " RENAME TO " + to](store::Store&) {
      support::ask(probe.connection(0), sql);
    });
  };
  rename("draft", "away");
  drop("a.md", "Text.\n");
  start();
  pass(25s);
  EXPECT_THAT(intake_->trouble(),
              testing::StartsWith("no draft is taken yet, for the store can't be read: "));
  rename("away", "draft");
  pass(15s);
  pass(5s);
  EXPECT_THAT(all(), ElementsAre("d1 a.md ready"));
  EXPECT_EQ(intake_->trouble(), "");
}

TEST_F(IntakeTest, TakesManyFilesOnceEach) {
  for (int i = 0; i < 1000; ++i)
    write("post-" + std::to_string(i) + ".md", "Text " + std::to_string(i) + ".\n");
  pass(5s);
  const auto lines = all();
  EXPECT_THAT(lines, testing::SizeIs(1000));
  EXPECT_THAT(lines, testing::Each(testing::EndsWith(" ready")));
  EXPECT_TRUE(intake_->up_to_date());
}

TEST_F(IntakeTest, StopsInTheMiddle) {
  for (int i = 0; i < 300; ++i) drop(std::to_string(i) + ".md", "Text.\n");
  house_.poll_one();
  intake_->stop();
  run();
  EXPECT_THAT(all(), IsEmpty());
}

}  // namespace
}  // namespace intake
