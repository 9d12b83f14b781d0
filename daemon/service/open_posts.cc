#include "service/open_posts.h"

#include <map>
#include <set>
#include <string>

namespace service {
namespace {

constexpr std::size_t kMostLookedAt = 10'000;
constexpr std::size_t kMostNamed = 5;

using Posts = std::map<model::PostId, std::string>;  // with their titles

std::string list_of(const Posts& posts) {
  std::string list;
  std::size_t named = 0;
  for (const auto& [id, title] : posts) {
    if (++named > kMostNamed) return list + " and " + std::to_string(posts.size() - kMostNamed) + " more";
    list += (list.empty() ? "" : ", ") + id.text() + " \"" + title + '"';
  }
  return list;
}

void add(config::Faults& faults, const config::Config& config, const std::string& table, const Posts& posts) {
  const std::string first = posts.begin()->first.text();
  faults.add(
      {config.file.string(), 0, 0},
      '[' + table + "] is missing, and not everything of it is out: " + list_of(posts),
      "put the table back until `fridayctl deliveries` shows that they are done, or give them up first "
      "with it in place (`fridayctl cancel " +
          first + "`)");
}

}  // namespace

void find_lost_keys(store::Store& store, const config::Config& config, config::Faults& faults) {
  std::map<std::string, Posts> lost;  // by table
  for (const model::Delivery& delivery : store.open_deliveries(kMostLookedAt)) {
    const auto post = store.post(delivery.post);
    if (!post) continue;
    if (!config.series.contains(post->series)) lost["series." + post->series][post->id] = post->title;
    if (!config.channels.contains(delivery.channel)) {
      lost["channels." + delivery.channel][post->id] = post->title;
    }
  }
  for (const auto& [table, posts] : lost) add(faults, config, table, posts);
}

}  // namespace service
