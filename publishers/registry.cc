#include "publishers/registry.h"

#include "publishers/blog/static_site/static_site.h"
#include "publishers/email/maildir.h"
#include "publishers/email/smtp.h"

namespace publishers {
namespace {

constexpr Kind kKinds[] = {
    {.name = "static_site", .post = make_static_site, .loopback_only_clock = true},
    {.name = "smtp", .mail = make_smtp},
    {.name = "maildir", .mail = make_maildir, .loopback_only_clock = true},
};

}  // namespace

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind* find_kind(std::string_view name) {
  for (const Kind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace publishers
