// Fills a store with published posts, through the store's own interface: one a day, the last on LAST_DAY.
//   fill_store FILE COUNT LAST_DAY POST.md
// No daemon may have the store open.
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "rendering/render.h"
#include "store/sqlite/sqlite_store.h"

namespace {

constexpr int kGroup = 500;
constexpr model::TimeOfDay kHour{std::chrono::hours(8)};
constexpr auto kUtcHour = std::chrono::hours(13);
constexpr const char* kSeries = "daily";
constexpr const char* kChannel = "blog";
constexpr const char* kUrl = "http://127.0.0.1:1";

std::string contents(const char* file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(std::string(file) + ": can't be read");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

store::NewPost post_of(const model::Draft& draft, const std::string& body, model::LocalDate day,
                       model::Instant due, int number) {
  rendering::RenderInput input;
  input.draft = draft;
  input.body = body;
  rendering::Identity identity;
  identity.pid = "bench" + std::to_string(number);
  identity.marker = identity.pid + ".1.bench";
  identity.number = number;
  identity.published_at = due;
  identity.published_local = model::rfc3339(due);
  identity.zone = "America/New_York";

  store::NewDelivery delivery;
  delivery.channel = kChannel;
  delivery.state = model::DeliveryState::ready;
  delivery.key = identity.pid;
  delivery.edition = rendering::render(input, identity, config::Site{});
  delivery.edition.permalink = std::string(kUrl) + '/' + draft.head.slug + '/';

  store::NewPost post;
  post.pid = identity.pid;
  post.draft = draft.id;
  post.draft_revision = draft.revision;
  post.occurrence = model::Occurrence{kSeries, day, kHour};
  post.series = kSeries;
  post.slug = draft.head.slug;
  post.title = draft.head.title;
  post.permalink = delivery.edition.permalink;
  post.created_at = due;
  post.due_at = due;
  post.in_turn = true;
  post.deliveries.push_back(std::move(delivery));
  return post;
}

void publish(store::Store& store, const std::string& body, model::LocalDate day, int number) {
  const model::Instant due = std::chrono::sys_days(day) + kUtcHour;
  const std::string name = "post-" + std::to_string(number);
  store::DraftSeen seen;
  seen.path = name + ".md";
  seen.bytes = "# Post " + std::to_string(number) + "\n\n" + body;
  seen.sha256 = name;
  seen.signature = {static_cast<std::uint64_t>(number), static_cast<std::int64_t>(seen.bytes.size()), 1, 1};
  seen.head.title = "Post " + std::to_string(number);
  seen.head.slug = name;
  seen.head.series = kSeries;
  const model::Draft draft = store.put_draft(seen, due);
  const model::PostId post = store.fill(post_of(draft, body, day, due, number), due);
  const store::Lease lease{1, 1, due + std::chrono::hours(1)};
  for (const store::Work& work : store.claim({kChannel}, lease, due, 1)) {
    store::DeliveryUpdate update;
    update.state = model::DeliveryState::confirmed;
    update.permalink = std::string(kUrl) + '/' + name + '/';
    store.finish(work.delivery.id, work.delivery.fence, update,
                 publishers::Receipt::confirmed(name, *update.permalink), due);
  }
  store.post_filed(post, "published/" + name + ".md");
}

int fill(const char* file, int count, model::LocalDate last, const std::string& body) {
  const auto store = store::open_sqlite(file, store::Mode::read_write);
  auto& commit = dynamic_cast<store::GroupCommit&>(*store);
  const auto first = std::chrono::sys_days(last) - std::chrono::days(count - 1);
  for (int done = 0; done < count;) {
    commit.begin_group();
    if (done == 0) store->begin_series(kSeries, first);
    for (int i = 0; i < kGroup && done < count; ++i, ++done) {
      publish(*store, body, model::LocalDate(first + std::chrono::days(done)), done + 1);
    }
    commit.commit_group();
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) throw std::runtime_error("usage: fill_store FILE COUNT LAST_DAY POST.md");
  const auto last = model::parse_date(argv[3]);
  if (!last) throw std::runtime_error(std::string(argv[3]) + " is no date");
  return fill(argv[1], std::atoi(argv[2]), *last, contents(argv[4]));
} catch (const std::exception& error) {
  std::cerr << "fill_store: " << error.what() << '\n';
  return 1;
}
