#include "intake/status_page.h"

#include <algorithm>

#include "intake/text.h"

namespace intake {
namespace {

constexpr std::size_t kMostLines = 100;

void list_head(std::string& out, std::string_view heading) {
  (out += "\n## ") += std::string(heading) + "\n\n";
}

// The first hundred of a list, and how many more there are.
template <class Items, class Print>
void list(std::string& out, const Items& items, Print print, std::size_t beyond = 0) {
  const std::size_t shown = std::min(items.size(), kMostLines);
  for (std::size_t i = 0; i < shown; ++i) out += "- " + print(items[i]) + '\n';
  const std::size_t more = items.size() - shown + beyond;
  if (more > 0) out += "- and " + std::to_string(more) + " more\n";
}

std::string title_and_path(const std::string& title, const std::string& path) {
  if (title.empty()) return as_plain_markdown(path);
  return "**" + as_plain_markdown(title) + "** (" + as_plain_markdown(path) + ')';
}

std::string draft_line(const StatusDraft& draft) {
  std::string line = title_and_path(draft.title, draft.path);
  if (!draft.why.empty()) line += ": " + as_plain_markdown(draft.why);
  return line;
}

std::string problem_line(const model::Problem& problem) {
  std::string where = "**" + as_plain_markdown(problem.file) + "**";
  if (problem.line != 0) where += ", line " + std::to_string(problem.line);
  std::string line = where + ": " + as_plain_markdown(problem.what);
  if (!problem.todo.empty()) line += ". *To do:* " + as_plain_markdown(problem.todo);
  return line;
}

std::string slot_line(const StatusSlot& slot) {
  std::string line = as_plain_markdown(slot.when) + ": ";
  line += slot.title.empty() ? "nothing is ready yet" : title_and_path(slot.title, slot.path);
  if (!slot.where.empty()) line += ", to " + as_plain_markdown(slot.where);
  for (const std::string& obstacle : slot.obstacles) line += ". **" + as_plain_markdown(obstacle) + "**";
  return line;
}

}  // namespace

std::string as_plain_markdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>#|~&{}!";
  std::string out;
  for (const char c : one_line(escaped_bytes(text))) {
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string status_markdown(const StatusInput& input) {
  std::string out =
      "# " + (input.site.empty() ? std::string("fridayd") : as_plain_markdown(input.site)) + "\n";
  if (!input.rehearsal.empty()) {
    out += "\n**REHEARSAL. No reader gets anything: " + as_plain_markdown(input.rehearsal) + ".**\n";
  }
  if (input.stopped) {
    out += "\n**STOPPED. Nothing goes out";
    if (!input.stopped_why.empty()) out += ": " + as_plain_markdown(input.stopped_why);
    out += ".**\n";
  }
  if (!input.problems.empty()) {
    list_head(out, "Problems");
    list(out, input.problems, problem_line, input.more_problems);
  }
  list_head(out, "Next");
  out += input.slots.empty() ? "Nothing is planned.\n" : slot_line(input.slots.front()) + '\n';
  if (input.slots.size() > 1) {
    list_head(out, "After that");
    list(out, std::vector(input.slots.begin() + 1, input.slots.end()), slot_line);
  }
  if (!input.unplanned.empty()) {
    list_head(out, "Without a date");
    list(out, input.unplanned, draft_line);
  }
  if (!input.writing.empty()) {
    list_head(out, "Still being written");
    list(out, input.writing, draft_line);
  }
  if (!input.notes.empty()) {
    list_head(out, "Also");
    list(out, input.notes, [](const std::string& note) { return as_plain_markdown(note); });
  }
  return out;
}

}  // namespace intake
