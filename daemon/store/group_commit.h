// What StoreThread needs of an engine beyond the domain: the shared commit, a snapshot to read from, and
// the two ends of its life.
//
// Used like the Store it belongs to; the object is the same one. Throws StoreFailure unless told.
#pragma once

namespace store {

class GroupCommit {
 public:
  virtual ~GroupCommit() = default;

  virtual void begin_group() = 0;
  virtual void begin_one() = 0;  // what follows can be undone by itself
  virtual void end_one() = 0;
  virtual void undo_one() = 0;
  virtual void commit_group() = 0;  // durable when it returns
  virtual void undo_group() noexcept = 0;

  // Housekeeping between two groups, after the results of the last one were told.
  virtual void tidy() = 0;
  // The disk failed: nothing more is written, not even when the store is closed.
  virtual void abandon() noexcept = 0;

  // All that is read in between belongs to one moment.
  virtual void begin_read() = 0;
  virtual void end_read() noexcept = 0;
};

}  // namespace store
