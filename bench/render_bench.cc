// A 600-word post: from Markdown to an edition, and from an edition to the page of a blog.
#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>
#include <string>

#include "publishers/blog/static_site/page.h"
#include "rendering/render.h"
#include "templates/markdown.h"
#include "templates/template_set.h"

namespace {

std::string body() {
  std::ifstream in(BENCH_POST, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

std::string no_image(const std::string&) {
  return {};
}

rendering::RenderInput input() {
  rendering::RenderInput input;
  input.draft.path = "a-question-of-trust.md";
  input.draft.head.title = "A question of trust";
  input.draft.head.slug = "a-question-of-trust";
  input.draft.head.series = "friday";
  input.body = body();
  return input;
}

rendering::Identity identity() {
  rendering::Identity identity;
  identity.pid = "01JDHV6B3W0000000000000000";
  identity.marker = identity.pid + ".1.00000000000000000000000000000000";
  identity.published_at = model::parse_rfc3339("2026-11-27T13:00:00Z").value();
  identity.published_local = "2026-11-27T08:00:00-05:00";
  identity.zone = "America/New_York";
  identity.series_title = "Friday";
  return identity;
}

// The house as every page of it sees it.
struct House {
  House() {
    site.title = "Friday";
    site.url = "https://blog.example.org";
  }
  config::Site site;
  templates::TemplateSet theme{std::filesystem::path()};
  publishers::static_site::Blog blog =
      publishers::static_site::make_blog(site, theme, "blog", site.url, "/{slug}/");
};

void MarkdownToHtml(benchmark::State& state) {
  const std::string text = body();
  const templates::Markdown::ImageAddress image = no_image;
  for (auto _ : state) benchmark::DoNotOptimize(templates::Markdown(text).html(image));
  state.counters["words"] = static_cast<double>(templates::Markdown(text).words());
}
BENCHMARK(MarkdownToHtml);

void PageTemplate(benchmark::State& state) {
  const House house;
  const auto edition = rendering::render(input(), identity(), house.site);
  for (auto _ : state) benchmark::DoNotOptimize(publishers::static_site::render_page(edition, house.blog));
}
BENCHMARK(PageTemplate);

// The figure that is promised: both, as one post costs them.
void MarkdownAndPage(benchmark::State& state) {
  const House house;
  const std::string text = body();
  const templates::Markdown::ImageAddress image = no_image;
  auto edition = rendering::render(input(), identity(), house.site);
  for (auto _ : state) {
    edition.content_html = templates::Markdown(text).html(image);
    benchmark::DoNotOptimize(publishers::static_site::render_page(edition, house.blog));
  }
}
BENCHMARK(MarkdownAndPage);

// Blog and mail at once, with excerpt and plain text.
void WholeEdition(benchmark::State& state) {
  const House house;
  const auto from = input();
  const auto who = identity();
  for (auto _ : state) benchmark::DoNotOptimize(rendering::render(from, who, house.site));
}
BENCHMARK(WholeEdition);

}  // namespace

BENCHMARK_MAIN();
