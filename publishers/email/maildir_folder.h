// A Maildir on disk: tmp, new and cur, and messages whose file name follows from their Message-ID, so that
// a message that was delivered before is found again. Blocking; one thread at a time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "publishers/mail_transport.h"
#include "publishers/receipt.h"

namespace publishers::maildir {

// The file's name, without what a reader adds to it behind a colon.
std::string file_name(std::string_view message_id);

// What becomes the file: the usual two lines of a final delivery, then the message, lines ended by LF as
// everything else in a Maildir has them.
std::string file_text(const OutgoingMessage& message);

class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}

  std::vector<NeededPath> paths() const;

  // Makes what is missing of the folder. Confirmed, or deferred and local with the path named.
  Receipt prepare();

  // Writes the message to tmp, durably, unless it was delivered before. Confirmed: now or never show().
  Receipt write(const std::string& name, const std::string& text);
  // Puts what write() left into new, for readers to see.
  Receipt show(const std::string& name);
  // Takes back what write() left.
  void forget(const std::string& name);

 private:
  std::filesystem::path in(const char* part, const std::string& name) const { return path_ / part / name; }
  // Whether a reader can see it or has seen it; throws std::system_error if that can't be told.
  bool is_delivered(const std::string& name) const;

  std::filesystem::path path_;
};

}  // namespace publishers::maildir
