// HTTP requests to far ends. Blocking; any thread; libcurl stays behind this header.
//
// Each call has a connection of its own, so nothing is ever repeated on a reused one. No proxy, no
// .netrc, no cookies, no redirects: an address that moved is told, not followed. Neither header values
// nor an address' path and query appear in an error's text.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace publishers {

struct HttpLimits {
  std::chrono::milliseconds connect = std::chrono::seconds(10);  // name, TCP and TLS
  std::chrono::milliseconds total = std::chrono::seconds(30);
  std::size_t max_body = 8u << 20;
  std::size_t max_head = 64u << 10;
};

struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  HttpLimits limits;
  // http:// is refused except on loopback, because what a request carries would be readable on the way.
  // Only for requests that carry nothing but their address.
  bool allow_plain = false;
};

enum class HttpError {
  none,         // there is a whole response, whatever its status
  bad_request,  // the address or a header is not one that we send; nothing left
  connect,      // nobody answered, or the name is unknown
  tls,          // no trusted connection
  timeout,      // connected, but no whole response in time
  too_large,
  protocol,  // no HTTP, or cut off
};

struct HttpResponse {
  HttpError error = HttpError::none;
  std::string message;  // one line for people, when there is an error
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::string body;
};

class HttpClient {
 public:
  HttpResponse get(const HttpRequest& request) const;
};

// The value of a Retry-After header in seconds; 0 for a date or anything else.
std::chrono::seconds retry_after(const HttpResponse& response);

}  // namespace publishers
