#include "intake/status_page.h"

#include <gtest/gtest.h>

namespace intake {
namespace {

TEST(StatusPage, SaysThatNothingIsPlanned) {
  EXPECT_EQ("# fridayd\n\n## Next\n\nNothing is planned.\n", status_markdown({}));
}

TEST(StatusPage, BeginsWithProblemsThenTheNextDateThenTheQueue) {
  StatusInput input;
  input.site = "Sales Leadership";
  input.stopped = true;
  input.stopped_why = "a file named STOP lies in the folder";
  input.problems = {{"trust.md", 3, 8, "the value of 'title' holds a colon", "put the title in quotes"},
                    {"big.md", 0, 0, "the text has 3.0 MiB", ""}};
  input.slots = {
      {"Trust", "trust/index.md", "Friday, 27 November 2026, 08:00 (America/New_York)", "blog, mail", {}},
      {"Price", "price.md", "Friday, 4 December 2026, 08:00 (America/New_York)", "blog", {"needs approval"}},
      {"", "", "Friday, 11 December 2026, 08:00 (America/New_York)", "", {}}};
  input.unplanned = {{"Old", "old.md", "status is draft"}};
  input.writing = {{"", "new.md", ""}};
  input.notes = {"link.md is a symbolic link"};
  EXPECT_EQ(
      "# Sales Leadership\n"
      "\n**STOPPED. Nothing goes out: a file named STOP lies in the folder.**\n"
      "\n## Problems\n\n"
      "- **trust.md**, line 3: the value of 'title' holds a colon. *To do:* put the title in quotes\n"
      "- **big.md**: the text has 3.0 MiB\n"
      "\n## Next\n\n"
      "Friday, 27 November 2026, 08:00 (America/New\\_York): **Trust** (trust/index.md), to blog, mail\n"
      "\n## After that\n\n"
      "- Friday, 4 December 2026, 08:00 (America/New\\_York): **Price** (price.md), to blog. **needs "
      "approval**\n"
      "- Friday, 11 December 2026, 08:00 (America/New\\_York): nothing is ready yet\n"
      "\n## Without a date\n\n- **Old** (old.md): status is draft\n"
      "\n## Still being written\n\n- new.md\n"
      "\n## Also\n\n- link.md is a symbolic link\n",
      status_markdown(input));
}

TEST(StatusPage, CutsLongLists) {
  StatusInput input;
  for (int i = 0; i < 103; ++i) {
    std::string file = "a";
    file.append(std::to_string(i)).append(".md");
    input.problems.push_back({file, 1, 1, "bad", ""});
  }
  const std::string page = status_markdown(input);
  EXPECT_NE(std::string::npos, page.find("a99.md**, line 1: bad\n- and 3 more\n"));
  EXPECT_EQ(std::string::npos, page.find("a100.md"));
  input.more_problems = 500;
  EXPECT_NE(std::string::npos, status_markdown(input).find("- and 503 more\n"));
}

TEST(StatusPage, TakesNoMarkupFromFileNames) {
  EXPECT_EQ("a\\\\x0a\\# b\\<script\\>\\[x\\](y)\\\\xff.md",
            as_plain_markdown("a\n# b<script>[x](y)\xFF.md"));
}

}  // namespace
}  // namespace intake
