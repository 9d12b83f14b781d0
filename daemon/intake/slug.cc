#include "intake/slug.h"

#include <algorithm>
#include <memory>

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "intake/text.h"

namespace intake {
namespace {

constexpr std::size_t kLongest = 80;
// More of a title than could ever fill a slug.
constexpr std::size_t kMostText = 1000;

constexpr std::string_view kReserved[] = {
    "index", "feed",    "assets", "tags",  "tag", "series", "page",  "pages",  "archive",     "atom",
    "rss",   "sitemap", "robots", "admin", "api", "static", "media", "search", "unsubscribe", "preview",
};

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void remove_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.erase(at, what.size());
  }
}

void remove_apostrophes(std::string& text) {
  // ' U+2019 U+2018 U+02BC U+02B9 (a transliterated soft sign) U+0060 U+00B4
  for (const std::string_view apostrophe :
       {"'", "\xE2\x80\x99", "\xE2\x80\x98", "\xCA\xBC", "\xCA\xB9", "`", "\xC2\xB4"}) {
    remove_all(text, apostrophe);
  }
}

std::string in_latin(const std::string& text) {
  // A transliterator is not thread-safe, and dear to make.
  thread_local const std::unique_ptr<icu::Transliterator> transliterator = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
        icu::UnicodeString::fromUTF8("Any-Latin; Latin-ASCII; Lower"), UTRANS_FORWARD, status));
    return U_SUCCESS(status) ? std::move(made) : nullptr;
  }();
  if (!transliterator) return text;
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(text);
  transliterator->transliterate(unicode);
  std::string out;
  unicode.toUTF8String(out);
  return out;
}

std::string cut_at_word(std::string slug) {
  if (slug.size() <= kLongest) return slug;
  const std::size_t hyphen = slug.rfind('-', kLongest);
  slug.resize(hyphen == std::string::npos ? kLongest : hyphen);
  return slug;
}

}  // namespace

std::string slugify(std::string_view text) {
  std::string latin(cut(text, kMostText));
  remove_apostrophes(latin);
  const bool ascii = std::all_of(latin.begin(), latin.end(), [](char c) { return (c & 0x80) == 0; });
  latin = ascii ? lower(latin) : in_latin(latin);
  remove_apostrophes(latin);
  std::string slug;
  for (const char c : latin) {
    if (is_letter(c) || is_digit(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  slug = cut_at_word(std::move(slug));
  return std::any_of(slug.begin(), slug.end(), is_letter) ? slug : "";
}

bool well_formed_slug(std::string_view slug) {
  if (slug.empty() || slug.size() > kLongest || slug.front() == '-' || slug.back() == '-') return false;
  const bool characters =
      std::all_of(slug.begin(), slug.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  return characters && std::any_of(slug.begin(), slug.end(), is_letter);
}

bool reserved_slug(std::string_view slug) {
  return std::find(std::begin(kReserved), std::end(kReserved), slug) != std::end(kReserved);
}

}  // namespace intake
