#include "publishers/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace publishers {
namespace {

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};

using Handle = std::unique_ptr<CURL, Free>;

class HeaderList {
 public:
  HeaderList() = default;
  HeaderList(HeaderList&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  HeaderList& operator=(HeaderList&&) = delete;
  ~HeaderList() { curl_slist_free_all(first_); }

  void append(const std::string& line) {
    curl_slist* longer = curl_slist_append(first_, line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    first_ = longer;
  }
  curl_slist* get() const { return first_; }

 private:
  curl_slist* first_ = nullptr;
};

void initialise_once() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw std::bad_alloc();
}

struct Address {
  std::string scheme;
  std::string host;
  std::string port;
  bool user = false;

  std::string server() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port); }
};

// With an empty scheme for what is no address.
Address parse(const std::string& url) {
  const std::unique_ptr<CURLU, Free> parsed(curl_url());
  if (!parsed) throw std::bad_alloc();
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const auto part = [&parsed](CURLUPart which) {
    char* raw = nullptr;
    const CURLUcode code = curl_url_get(parsed.get(), which, &raw, 0);
    const std::unique_ptr<char, Free> text(raw);
    return code == CURLUE_OK ? std::string(raw) : std::string();
  };
  Address address{part(CURLUPART_SCHEME), part(CURLUPART_HOST), part(CURLUPART_PORT)};
  address.user = !part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty();
  return address;
}

bool is_loopback(const std::string& host) {
  // curl_url_get has brought every spelling of an IPv4 address into dotted form.
  const bool ipv4 = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || ipv4;
}

bool holds_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

// Why the request is not one that we send; empty if it is.
std::string objection(const HttpRequest& request, const Address& address) {
  if (address.scheme.empty() ||
      request.url.find_first_of(std::string_view(" \t\r\n\0", 5)) != std::string::npos)
    return "not an address";
  if (address.scheme != "https" && address.scheme != "http") return "neither https nor http";
  if (address.user) return address.server() + ": no user or password belongs in an address";
  if (address.scheme == "http" && !request.allow_plain && !is_loopback(address.host))
    return address.server() + ": plain http is for this machine only; use https";
  for (const auto& [name, value] : request.headers) {
    const bool plain = name.find_first_of(" :\t") == std::string::npos && !name.empty();
    if (!plain || holds_line_break(name) || holds_line_break(value))
      return address.server() + ": a header holds a character that none may hold";
  }
  return {};
}

// What one transfer gathers; handed to libcurl's callbacks.
struct Transfer {
  HttpResponse response;
  HttpLimits limits;
  std::size_t head = 0;
  bool too_large = false;

  std::size_t refuse() {
    too_large = true;
    return 0;
  }
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  transfer.head += line.size();
  if (transfer.head > transfer.limits.max_head) return transfer.refuse();
  // A head after an interim response (100 Continue) stands for itself.
  if (line.starts_with("HTTP/")) transfer.response.headers.clear();
  const std::size_t colon = line.find(':');
  if (line.starts_with("HTTP/") || colon == std::string_view::npos) return line.size();
  std::string& value = transfer.response.headers[lower(trim(line.substr(0, colon)))];
  if (!value.empty()) value += ", ";
  value += trim(line.substr(colon + 1));
  return line.size();
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  if (bytes > transfer.limits.max_body - transfer.response.body.size()) return transfer.refuse();
  transfer.response.body.append(data, bytes);
  return bytes;
}

HeaderList header_list(const HttpRequest& request) {
  HeaderList list;
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    line.append(value.empty() ? ";" : ": ").append(value);
    list.append(line);
  }
  return list;
}

void set_policy(CURL* handle) {
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "fridayd");
}

void set_transfer(CURL* handle, const HttpRequest& request, Transfer& transfer, const HeaderList& headers) {
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.limits.connect.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limits.total.count()));
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
}

// A time-out before the connection stood is a far end that did not answer.
HttpError timeout_kind(CURL* handle) {
  curl_off_t ready = 0;
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
  return ready > 0 ? HttpError::timeout : HttpError::connect;
}

HttpError kind_of(CURLcode code, CURL* handle, bool too_large) {
  if (too_large) return HttpError::too_large;
  switch (code) {
    case CURLE_OK:
      return HttpError::none;
    case CURLE_OUT_OF_MEMORY:
      throw std::bad_alloc();
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED:
      return HttpError::bad_request;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return HttpError::connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpError::tls;
    case CURLE_OPERATION_TIMEDOUT:
      return timeout_kind(handle);
    default:
      return HttpError::protocol;
  }
}

std::string message_of(HttpError error, CURLcode code, const Address& address) {
  if (error == HttpError::none) return {};
  if (error == HttpError::too_large) return address.server() + ": the response is larger than we take";
  return address.server() + ": " + curl_easy_strerror(code);
}

}  // namespace

HttpResponse HttpClient::get(const HttpRequest& request) const {
  initialise_once();
  const Address address = parse(request.url);
  Transfer transfer;
  transfer.limits = request.limits;
  if (std::string why = objection(request, address); !why.empty()) {
    transfer.response.error = HttpError::bad_request;
    transfer.response.message = std::move(why);
    return std::move(transfer.response);
  }
  const Handle handle(curl_easy_init());
  if (!handle) throw std::bad_alloc();
  const HeaderList headers = header_list(request);
  set_policy(handle.get());
  set_transfer(handle.get(), request, transfer, headers);
  const CURLcode code = curl_easy_perform(handle.get());

  HttpResponse& response = transfer.response;
  response.error = kind_of(code, handle.get(), transfer.too_large);
  response.message = message_of(response.error, code, address);
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return std::move(response);
}

std::chrono::seconds retry_after(const HttpResponse& response) {
  const auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::chrono::seconds(0);
  const std::string& text = header->second;
  // Nine digits at most: decades, and no overflow wherever it is added to an instant.
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.size() < 10;
  return std::chrono::seconds(whole ? seconds : 0);
}

}  // namespace publishers
