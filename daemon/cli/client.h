// The API over the control socket.
#pragma once

#include <string>

#include <boost/json.hpp>

#include "cli/options.h"

namespace cli {

struct Reply {
  int status = 0;    // 0: the daemon was not reached, `detail` says why
  std::string text;  // the body as it came
  boost::json::object body;
  std::string detail;    // of a refusal, in words
  bool unknown = false;  // the request was sent, and nobody can say what became of it
  bool ok() const { return status >= 200 && status < 300; }
};

class Client {
 public:
  explicit Client(std::string socket) : socket_(std::move(socket)) {}
  Reply get(const std::string& path) const;
  // With a key of its own: where its answer was lost it is sent again, and done once.
  Reply post(const std::string& path, const boost::json::object& body) const;

 private:
  std::string socket_;
};

// The exit code that tells a script about `reply`.
int exit_code(const Reply& reply);

std::string url_encode(const std::string& text);

}  // namespace cli
