// One attempt at a delivery to a blog: prepare, publish, live check, each step durable before the next
// effect. After a crash or a lost reply it looks first (find) and never creates again blindly.
//
//   stage none        -> [preparing] prepare -> [prepared] -> [publishing] publish -> live check -> done
//   stage preparing   -> find: absent -> as none; prepared -> publish; published -> live check
//   stage prepared    -> [publishing] publish (repeating it does no harm) -> live check
//   stage publishing  -> find, as preparing
//
// Interrupted, it ends before its next effect. House thread; the publisher's calls run on the workers. Ends
// in exactly one call of `ended`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "publishers/post_publisher.h"
#include "store/store_thread.h"

namespace dispatch {

class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  enum class How {
    answered,      // by the far end, or our own disk: the receipt decides
    unanswerable,  // what became of it can't be asked: a person has to look
    bug,           // the publisher threw: held for a person
    interrupted,
    lost_claim,  // the store refused: another node, or a person, took it
  };
  struct End {
    publishers::Receipt receipt;
    model::Stage stage = model::Stage::none;
    How how = How::answered;
  };
  using Ended = std::function<void(End)>;

  Attempt(boost::asio::any_io_executor house, boost::asio::thread_pool& workers, store::StoreThread& store,
          std::shared_ptr<publishers::PostPublisher> publisher, store::Work work, Ended ended);

  void start();
  // The reason is for people. A call that is under way is waited for.
  void interrupt(const std::string& why) { interrupted_ = why; }

 private:
  void look_first();
  void prepare();
  void publish();
  void check_live();
  void end(publishers::Receipt receipt, How how = How::answered);
  // True if this was the end.
  bool end_if_interrupted();

  // Records `stage`, then goes on.
  void enter(model::Stage stage, std::function<void()> next);
  // Runs `call` on a worker; an exception there is a bug, and the end: the stage tells that it is to be
  // looked for before anything is done again.
  void call(std::function<publishers::Receipt(publishers::PostPublisher&, const publishers::Edition&)> call,
            std::function<void(publishers::Receipt)> then);
  void load_assets(std::function<void()> then);

  boost::asio::any_io_executor house_;
  boost::asio::thread_pool& workers_;
  store::StoreThread& store_;
  std::shared_ptr<publishers::PostPublisher> publisher_;
  store::Work work_;
  Ended ended_;
  model::Stage stage_;
  std::string remote_id_;
  std::string interrupted_;
  publishers::Receipt published_;
  std::shared_ptr<publishers::Found> found_ = std::make_shared<publishers::Found>();
};

}  // namespace dispatch
