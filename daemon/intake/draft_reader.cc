#include "intake/draft_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "intake/draft_images.h"
#include "intake/file_names.h"
#include "intake/sha256.h"
#include "intake/slug.h"
#include "intake/text.h"
#include "intake/utf16.h"
#include "templates/markdown.h"
#include "templates/merge.h"

namespace intake {
namespace {

using model::Problem;

constexpr std::size_t kLongestTitle = 500;

// "2026-11-27-trust" -> "trust": a date is no part of a title. One that is all of it stays.
std::string_view without_date(std::string_view name) {
  constexpr std::size_t kDateLength = 10;
  if (name.size() <= kDateLength || !model::parse_date(name.substr(0, kDateLength))) return name;
  const std::string_view rest = name.substr(kDateLength);
  const std::size_t begins = rest.find_first_not_of("-_ .");
  return begins == 0 || begins == std::string_view::npos ? name : rest.substr(begins);
}

// What Obsidian and others call a note before its author does: "Untitled.md", "Untitled 1.md".
bool still_untitled(std::string_view path) {
  const std::string name = lower(last_name(path));
  constexpr std::string_view kUntitled = "untitled";
  if (!name.starts_with(kUntitled)) return false;
  const std::string_view rest = std::string_view(name).substr(kUntitled.size());
  return rest.substr(0, rest.rfind('.')).find_first_not_of(" -_0123456789") == std::string_view::npos;
}

// One draft on its way through the checks.
class Reading {
 public:
  Reading(ReadDraft& draft, const ReadRules& rules, const OpenImage& open_image)
      : draft_(draft),
        seen_(draft.seen),
        rules_(rules),
        open_image_(open_image),
        file_(escaped_bytes(seen_.path)) {}

  void run() {
    seen_.head.title = title_of_path(seen_.path);
    const std::string bytes = as_utf8(seen_.bytes);
    if (!is_text(bytes)) return finish();
    const std::string text = normalised(bytes);
    if (trimmed(text).empty()) {
      why_.emplace_back("the file is empty");
      return finish();
    }
    Head head = read_head(text, file_);
    std::move(head.problems.begin(), head.problems.end(), std::back_inserter(seen_.problems));
    seen_.head = std::move(head.front);
    places_ = std::move(head.places);
    head_unreadable_ = head.unreadable;
    if (!head.not_ready.empty()) why_.push_back(std::move(head.not_ready));
    if (still_untitled(seen_.path)) why_.emplace_back("its file is still called Untitled; give it a name");
    read_body(head.body, head.body_line);
    check_title();
    settle_slug();
    settle_series();
    check_channels();
    check_merge_fields("subject", seen_.head.subject);
    check_merge_fields("preheader", seen_.head.preheader);
    finish();
  }

  void too_large(std::uintmax_t size) {
    problem(
        {0, 0}, "the text has " + size_for_people(size),
        "at most " + size_for_people(rules_.max_draft) + " are taken; move images into files of their own");
  }

  void finish() {
    std::stable_sort(seen_.problems.begin(), seen_.problems.end(), [](const Problem& a, const Problem& b) {
      return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    const auto blocking = std::find_if(seen_.problems.begin(), seen_.problems.end(),
                                       [](const Problem& found) { return found.blocking; });
    if (blocking != seen_.problems.end()) {
      seen_.state = model::DraftState::problem;
      seen_.why = blocking->what;
    } else if (!why_.empty()) {
      seen_.state = model::DraftState::waiting;
      seen_.why = joined(why_, "; ");
    }
  }

 private:
  void problem(Place at, std::string what, std::string todo, bool blocking = true) {
    seen_.problems.push_back({file_, at.line, at.column, std::move(what), std::move(todo), blocking});
  }

  Place place(const std::string& key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? Place{} : found->second;
  }

  bool is_text(const std::string& bytes) {
    if (seen_.bytes.size() > rules_.max_draft) {
      too_large(seen_.bytes.size());
      return false;
    }
    if (is_utf16(bytes)) {
      problem({}, "the file is UTF-16, and a part of it is missing", "save it again, as UTF-8 if you can");
      return false;
    }
    if (is_utf16(seen_.bytes)) {
      problem({}, "the file is UTF-16; it is read, and put away as UTF-8", "save it as UTF-8", false);
    }
    if (const std::size_t nul = bytes.find('\0'); nul != std::string::npos) {
      problem(place_of(bytes, nul), "a NUL byte: this is no text", "save it as plain text in UTF-8");
      return false;
    }
    if (const auto bad = first_bad_utf8(bytes)) {
      problem(place_of(bytes, *bad),
              "the byte 0x" + hex_byte(static_cast<unsigned char>(bytes[*bad])) + " is not UTF-8",
              "save the file as UTF-8");
      return false;
    }
    if (const auto control = first_control(bytes)) {
      problem(place_of(bytes, *control),
              "a control character (" + escaped_bytes(bytes.substr(*control, 1)) + ")", "take it out");
      return false;
    }
    return true;
  }

  void read_body(const std::string& body, std::size_t first_line) {
    if (trimmed(body).empty()) return;
    templates::MarkdownOptions options;
    options.raw_html = rules_.raw_html;
    templates::Markdown document(body, options);
    const auto in_file = [&](std::size_t line, std::size_t column) {
      return line == 0 ? Place{0, 0} : Place{line + first_line - 1, column};
    };
    for (const templates::Finding& finding : document.findings()) {
      problem(in_file(finding.line, finding.column), finding.what, finding.todo, finding.blocking);
    }
    for (const templates::Finding& finding : templates::unfinished_text(document)) {
      problem(in_file(finding.line, finding.column), finding.what, finding.todo, false);
      if (finding.blocking) why_.push_back(finding.what);
    }
    if (seen_.head.title.empty()) seen_.head.title = one_line(document.first_heading());
    document.drop_heading(seen_.head.title);
    const bool whole = std::none_of(seen_.problems.begin(), seen_.problems.end(),
                                    [](const Problem& found) { return found.blocking; });
    if (whole && document.words() == 0 && document.images().empty()) {
      problem({first_line, 1}, "there is nothing to read but a title", "write the post");
    }
    take_images(document, in_file);
  }

  template <class InFile>
  void take_images(const templates::Markdown& document, InFile in_file) {
    DraftImages images(draft_, rules_, open_image_);
    images.take(seen_.head.image, place("image"));
    for (const templates::ImageReference& image : document.images()) {
      images.take(image.address, in_file(image.line, image.column));
    }
  }

  void check_title() {
    if (seen_.head.title.empty()) seen_.head.title = title_of_path(seen_.path);
    const std::string& title = seen_.head.title;
    const bool line_end = title.find_first_of("\t\n\r") != std::string::npos;
    if (line_end || first_control(title)) {
      problem(place("title"), "a control character in the title", "rename the file, or write a title: line");
    } else if (title.size() > kLongestTitle) {
      problem(place("title"), "the title is longer than 500 bytes", "shorten it");
    }
  }

  void settle_slug() {
    std::string& slug = seen_.head.slug;
    if (!slug.empty() && !well_formed_slug(slug)) {
      const std::string suggestion = slugify(slug);
      return problem(place("slug"), "'slug' takes a-z, 0-9 and hyphens, with a letter, at most 80",
                     suggestion.empty() ? "write slug: a-word-or-two" : "write slug: " + suggestion);
    }
    if (slug.empty()) slug = slugify(seen_.head.title);
    if (slug.empty()) slug = slugify(title_of_path(seen_.path));
    if (slug.empty()) {
      return problem(place("title"), "no address can be made of the title", "add a line slug: a-word-or-two");
    }
    if (reserved_slug(slug)) {
      problem(place("slug"), "the site itself uses the address '" + slug + "'",
              "write slug: " + slug + "-post");
    }
  }

  void settle_series() {
    std::string& series = seen_.head.series;
    const std::vector<std::string>& known = rules_.series;
    if (series.empty()) {
      if (known.size() == 1) series = known.front();
      if (known.size() > 1 && !head_unreadable_) {
        problem(place("series"), "no series is named",
                "add a line series: with one of " + joined(known, ", "));
      }
      return;
    }
    if (std::find(known.begin(), known.end(), series) != known.end()) return;
    problem(place("series"), "unknown series '" + series + "'",
            known.empty() ? "none is configured; take the line out" : "write one of " + joined(known, ", "));
  }

  void check_channels() {
    for (const std::string& channel : seen_.head.channels) {
      if (std::find(rules_.channels.begin(), rules_.channels.end(), channel) != rules_.channels.end())
        continue;
      problem(place("channels"), "unknown channel '" + channel + "'",
              "write one or more of " + joined(rules_.channels, ", "));
    }
  }

  void check_merge_fields(const std::string& key, const std::string& text) {
    std::vector<std::string> unresolved;
    templates::mark_merge_fields(text, &unresolved);
    for (const std::string& field : unresolved) {
      problem(place(key), "a merge field without a fallback in '" + key + "': " + field,
              "write what stands there for who has none, such as {{name|there}}");
    }
  }

  ReadDraft& draft_;
  store::DraftSeen& seen_;
  const ReadRules& rules_;
  const OpenImage& open_image_;
  std::string file_;
  std::map<std::string, Place> places_;
  std::vector<std::string> why_;
  bool head_unreadable_ = false;
};

}  // namespace

ReadRules read_rules(const config::Config& config) {
  ReadRules rules;
  rules.max_draft = config.content.max_draft;
  rules.max_image = config.content.max_image;
  rules.raw_html = config.content.html != "strip";
  for (const auto& [key, series] : config.series) rules.series.push_back(key);
  for (const auto& [key, channel] : config.channels) rules.channels.push_back(key);
  return rules;
}

ReadDraft read_draft(const std::string& path, std::string bytes, const ReadRules& rules,
                     const OpenImage& open_image) {
  ReadDraft draft;
  draft.seen.path = path;
  draft.seen.sha256 = sha256_hex(bytes);
  draft.seen.bytes = std::move(bytes);
  Reading(draft, rules, open_image).run();
  return draft;
}

ReadDraft oversized_draft(const std::string& path, std::uintmax_t size, const ReadRules& rules) {
  ReadDraft draft;
  draft.seen.path = path;
  draft.seen.sha256 = sha256_hex("");
  draft.seen.head.title = title_of_path(path);
  const OpenImage none;
  Reading reading(draft, rules, none);
  reading.too_large(size);
  reading.finish();
  return draft;
}

Head head_of(std::string_view bytes, const std::string& file) {
  return read_head(normalised(as_utf8(bytes)), file);
}

std::string title_of_path(std::string_view path) {
  std::string_view name = last_name(path);
  name = name.substr(0, name.rfind('.'));
  if (lower(name) == "index" && !parent_folder(path).empty()) name = last_name(parent_folder(path));
  std::string title(without_date(name));
  std::replace(title.begin(), title.end(), '-', ' ');
  std::replace(title.begin(), title.end(), '_', ' ');
  title = trimmed(title);
  // White space within a name stays, so that a line end there is found as the control character it is.
  if (!title.empty() && title.front() >= 'a' && title.front() <= 'z') {
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
  }
  return title;
}

}  // namespace intake
