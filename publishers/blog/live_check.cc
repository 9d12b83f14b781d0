#include "publishers/blog/live_check.h"

#include <utility>

#include "publishers/blog/marker.h"
#include "publishers/http/http_client.h"

namespace publishers {
namespace {

constexpr std::size_t kMaxPage = 32u << 20;

Fault fault_of(HttpError error) {
  switch (error) {
    case HttpError::connect:
    case HttpError::timeout:
      return Fault::connect;
    case HttpError::tls:
      return Fault::tls;
    default:
      return Fault::protocol;
  }
}

Receipt judge_status(const HttpResponse& response, const std::string& permalink) {
  const std::string status = permalink + ": HTTP " + std::to_string(response.status);
  if (response.status == 429 || response.status == 503) {
    Receipt receipt = Receipt::failed(Outcome::deferred, Fault::throttle, status);
    if (const auto wish = retry_after(response); wish.count() > 0) receipt.retry_after = wish;
    return receipt;
  }
  if (response.status >= 300 && response.status < 400) {
    return Receipt::failed(
        Outcome::deferred, Fault::protocol,
        status + ", which sends readers elsewhere; set the channel's url to where it leads");
  }
  return Receipt::failed(Outcome::deferred, Fault::transient, status);
}

}  // namespace

Receipt judge_page(const Edition& edition, const std::string& permalink, const std::string& page) {
  const std::string_view marker = marker_in(page);
  if (marker == edition.marker && !marker.empty())
    return Receipt::confirmed({}, permalink, "seen at " + permalink);
  const char* what = marker.empty()                ? " shows a page without fridayd's mark"
                     : is_of_post(marker, edition) ? " still shows another revision of the post"
                                                   : " shows another post";
  return Receipt::failed(Outcome::deferred, Fault::transient, permalink + what);
}

Receipt live_check_http(const Edition& edition, const std::string& permalink) {
  HttpRequest request;
  request.url = permalink;
  request.limits.max_body = kMaxPage;
  request.allow_plain = true;  // nothing is asked for that the public may not see
  const HttpResponse response = HttpClient().get(request);
  if (response.error != HttpError::none)
    return Receipt::failed(Outcome::deferred, fault_of(response.error), response.message);
  if (response.status != 200) return judge_status(response, permalink);
  return judge_page(edition, permalink, response.body);
}

}  // namespace publishers
