// What only the sources of Intake share.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "intake/intake.h"

namespace intake {

struct Intake::Loaded {
  std::vector<store::KnownFile> files;
  std::vector<model::Draft> page;
  std::string rules;
};

struct Intake::Batch {
  std::vector<ReadRequest> requests;
  std::size_t next = 0;          // request to fetch
  std::set<std::string> paths;   // of the requests that are not stored yet
  std::vector<Fetched> fetched;  // to be parsed
};

struct Intake::Put {
  store::DraftSeen seen;
  std::vector<std::string> images;
  std::optional<Orphan> was;  // the draft that this file was under another name
};

struct Intake::Done {
  std::string path;
  model::DraftId draft;
  store::FileSignature signature;
  std::string sha256;
  model::DraftState state = model::DraftState::ready;
  std::string why;
  std::vector<model::Problem> problems;
};

// `work()` on the worker, then `then(its result)` in the house, unless it was stopped by then.
template <class Work, class Then>
void Intake::on_worker(Work work, Then then) {
  boost::asio::post(worker_, [house = house_, alive = std::weak_ptr<bool>(alive_), work = std::move(work),
                              then = std::move(then)]() mutable {
    boost::asio::post(house, [alive, result = work(), then = std::move(then)]() mutable {
      if (!alive.expired()) then(std::move(result));
    });
  });
}

std::string carry_out(const Folder& folder, const ProblemBoard::Action& action);

}  // namespace intake
