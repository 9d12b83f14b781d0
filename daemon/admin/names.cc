#include "admin/names.h"

#include <algorithm>
#include <filesystem>

namespace admin {
namespace {

using store::Failure;
using store::StoreFailure;

constexpr std::size_t kMostLookedAt = 100000;
constexpr int kFarAhead = 104;  // weeks

bool is_called(const model::Draft& draft, const std::string& name) {
  const std::filesystem::path path(draft.path);
  return draft.head.slug == name || path.filename() == name || path.stem() == name;
}

// Those that a name may mean: the one with this very path, or all that go by it.
std::vector<model::Draft> drafts_called(const House& house, bool published, const std::string& name) {
  const auto drafts = house.store.read(
      [&](store::Store& store) { return store.drafts(published, model::DraftId{}, kMostLookedAt); });
  std::vector<model::Draft> called;
  for (const model::Draft& draft : drafts) {
    if (draft.path == name && !published) return {draft};
    if (draft.path == name || is_called(draft, name)) called.push_back(draft);
  }
  return called;
}

// Those whose post was given up can be published again.
std::vector<model::Draft> called_off(const House& house, const std::string& name) {
  auto drafts = house.store.read([](store::Store& store) { return store.called_off(kMostLookedAt); });
  std::erase_if(drafts,
                [&](const model::Draft& draft) { return draft.path != name && !is_called(draft, name); });
  return drafts;
}

template <class Items, class TextOf>
std::string list_of(const Items& items, TextOf text_of) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ", ") + text_of(item);
  return list;
}

model::DraftId next_draft(const House& house) {
  for (const planning::Slot& slot : house.timeline()->slots) {
    if (slot.draft) return slot.draft;
  }
  throw StoreFailure(Failure::not_found, "no draft is planned next");
}

std::vector<model::PostId> posts_of_date(const House& house, model::LocalDate date) {
  std::vector<model::PostId> posts;
  const auto slots = house.store.read([&](store::Store& store) { return store.slots(date, kMostLookedAt); });
  for (const store::SlotRow& slot : slots) {
    if (slot.occurrence.date == date && slot.post) posts.push_back(slot.post);
  }
  return posts;
}

std::vector<model::PostId> posts_of_draft(const House& house, const std::string& name) {
  std::vector<model::PostId> posts;
  for (const model::Draft& draft : drafts_called(house, true, name)) {
    if (draft.post) posts.push_back(draft.post);
  }
  return posts;
}

std::vector<planning::Slot> slots_called(const planning::Timeline& timeline, const std::string& series,
                                         const std::string& name) {
  std::vector<planning::Slot> found;
  for (const planning::Slot& slot : timeline.slots) {
    if (!series.empty() && slot.occurrence.series != series) continue;
    if (slot.state != model::SlotState::open) continue;
    if (name == "next") return {slot};
    if (model::iso_date(slot.occurrence.date) == name) found.push_back(slot);
  }
  return found;
}

// With the open slots nearest to a date, one on each side.
std::string no_slot(const planning::Timeline& timeline, const std::string& series, const std::string& name) {
  if (name != "next" && !model::parse_date(name)) return '"' + name + "\" is no date; write YYYY-MM-DD";
  std::string before;
  std::string after;
  for (const planning::Slot& slot : timeline.slots) {
    if (!series.empty() && slot.occurrence.series != series) continue;
    if (slot.state != model::SlotState::open) continue;
    const std::string date = model::iso_date(slot.occurrence.date);
    if (date < name) before = date;
    if (date > name && after.empty()) after = date;
  }
  std::string near = before + (before.empty() || after.empty() ? "" : " or ") + after;
  return "no open slot is on " + name + (near.empty() ? "" : "; the nearest is " + near);
}

}  // namespace

model::DraftId find_draft(const House& house, const std::string& name, bool also_called_off) {
  if (name == "next") return next_draft(house);
  if (const auto id = model::DraftId::parse(name)) {
    if (house.store.read([&](store::Store& store) { return store.draft(*id); })) return *id;
    throw StoreFailure(Failure::not_found, name + " is no draft");
  }
  if (model::parse_date(name)) {
    const planning::Slot slot = find_slot(house, "", name);
    if (slot.draft) return slot.draft;
    throw StoreFailure(Failure::not_found, "no draft is planned for " + name);
  }
  auto called = drafts_called(house, false, name);
  if (called.empty() && also_called_off) called = called_off(house, name);
  if (called.size() == 1) return called.front().id;
  if (called.empty()) throw StoreFailure(Failure::not_found, "no draft is called \"" + name + '"');
  throw StoreFailure(Failure::conflict,
                     '"' + name + "\" may be: " + list_of(called, [](const model::Draft& draft) {
                       return draft.id.text() + ' ' + draft.path;
                     }));
}

model::PostId find_post(const House& house, const std::string& name) {
  const auto post = house.store.read([&](store::Store& store) -> std::optional<model::Post> {
    if (const auto id = model::PostId::parse(name)) return store.post(*id);
    return store.post_by_slug(name);
  });
  if (post) return post->id;
  const auto date = model::parse_date(name);
  const auto posts = date ? posts_of_date(house, *date) : posts_of_draft(house, name);
  if (posts.size() == 1) return posts.front();
  if (posts.empty()) throw StoreFailure(Failure::not_found, "no post is called \"" + name + '"');
  throw StoreFailure(Failure::conflict,
                     '"' + name + "\" may be: " + list_of(posts, [](model::PostId id) { return id.text(); }));
}

model::DeliveryId find_delivery(const House& house, const std::string& name) {
  const auto id = model::DeliveryId::parse(name);
  if (!id || !house.store.read([&](store::Store& store) { return store.delivery(*id); })) {
    throw StoreFailure(Failure::not_found, "no delivery is called \"" + name + '"');
  }
  return *id;
}

planning::Slot find_slot(const House& house, const std::string& series, const std::string& name) {
  const auto config = house.config();
  if (!series.empty() && !config->series.contains(series)) {
    throw StoreFailure(Failure::not_found,
                       "there is no series \"" + series + "\"; there is " +
                           list_of(config->series, [](const auto& each) { return each.first; }));
  }
  auto found = slots_called(*house.timeline(), series, name);
  if (found.empty()) found = slots_called(house.timeline_for(kFarAhead), series, name);
  if (found.size() == 1) return found.front();
  if (found.empty()) throw StoreFailure(Failure::not_found, no_slot(*house.timeline(), series, name));
  throw StoreFailure(Failure::conflict,
                     "several series have a slot on " + name + ": " +
                         list_of(found, [](const planning::Slot& slot) { return slot.occurrence.series; }));
}

}  // namespace admin
