#include <gmock/gmock.h>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "publishers/blog/live_check.h"
#include "publishers/http/http_client.h"
#include "support/scripted_http.h"
#include "support/shelf.h"

namespace publishers {
namespace {

using namespace std::chrono_literals;
using support::ScriptedHttp;
using testing::HasSubstr;
using testing::StartsWith;

HttpResponse get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  return HttpClient().get(request);
}

std::string bare(const ScriptedHttp& server) {
  const std::string url = server.url();
  return url.substr(0, url.size() - 1);
}

TEST(HttpClient, GivesStatusHeadersAndBody) {
  const ScriptedHttp server(
      "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nX-Word:  a b \r\nVIA: one\r\nvia: two\r\n\r\nhello");
  const HttpResponse response = get(server.url("/where?x=1"));
  EXPECT_EQ(response.error, HttpError::none);
  EXPECT_EQ(response.message, "");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.at("x-word"), "a b");
  EXPECT_EQ(response.headers.at("via"), "one, two");
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0], StartsWith("GET /where?x=1 HTTP/1.1\r\n"));
}

TEST(HttpClient, SendsTheHeadersItIsGiven) {
  const ScriptedHttp server(ScriptedHttp::page(""));
  HttpRequest request;
  request.url = server.url();
  request.headers = {{"Authorization", "Bearer token"}, {"X-Empty", ""}};
  EXPECT_EQ(HttpClient().get(request).status, 200);
  EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nAuthorization: Bearer token\r\n"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nX-Empty:\r\n"));
}

TEST(HttpClient, TellsRedirectsAndDoesNotFollowThem) {
  const ScriptedHttp server(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  const HttpResponse response = get(server.url());
  EXPECT_EQ(response.error, HttpError::none);
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.at("location"), "http://127.0.0.1:1/");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpClient, LeavesOutTheHeadersOfAnInterimResponse) {
  const ScriptedHttp server("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + ScriptedHttp::page("late"));
  const HttpResponse response = get(server.url());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "late");
  EXPECT_EQ(response.headers.count("x-early"), 0U);
}

TEST(HttpClient, TakesNoProxyFromTheEnvironment) {
  const ScriptedHttp server(ScriptedHttp::page("direct"));
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  const HttpResponse response = get(server.url());
  ::unsetenv("http_proxy");
  EXPECT_EQ(response.body, "direct");
}

TEST(HttpClient, RefusesAddressesThatItDoesNotAsk) {
  struct Case {
    const char* url;
    const char* message;
  };
  const Case cases[] = {
      {"", "not an address"},
      {"blog.example/", "not an address"},
      {"https://blog.example/a b", "not an address"},
      {"https://blog.example/\r\nHost: evil", "not an address"},
      {"file:///etc/passwd", "neither https nor http"},
      {"ftp://blog.example/", "neither https nor http"},
      {"http://blog.example/secret?token=1",
       "http://blog.example: plain http is for this machine only; use https"},
      {"http://127.0.0.1.evil.example/",
       "http://127.0.0.1.evil.example: plain http is for this machine only; use https"},
      {"https://user:secret@blog.example/",
       "https://blog.example: no user or password belongs in an address"},
  };
  for (const Case& one : cases) {
    const HttpResponse response = get(one.url);
    EXPECT_EQ(response.error, HttpError::bad_request) << one.url;
    EXPECT_EQ(response.message, one.message) << one.url;
  }
}

TEST(HttpClient, RefusesHeadersThatCouldForgeOthers) {
  for (const auto& header :
       std::vector<std::pair<std::string, std::string>>{{"X-A", "secret\r\nX-B: 2"},
                                                        {"X-A\n", "secret"},
                                                        {"X A", "secret"},
                                                        {"", "secret"},
                                                        {"X:A", "secret"},
                                                        {"X-A", std::string("secret\0", 7)}}) {
    HttpRequest request;
    request.url = "http://127.0.0.1:1/";
    request.headers = {header};
    const HttpResponse response = HttpClient().get(request);
    EXPECT_EQ(response.error, HttpError::bad_request);
    EXPECT_EQ(response.message, "http://127.0.0.1:1: a header holds a character that none may hold");
  }
}

TEST(HttpClient, TellsThatNobodyAnswers) {
  const int listener = support::listen_on_loopback();
  const int port = support::port_of(listener);
  ::close(listener);
  const HttpResponse response = get("http://127.0.0.1:" + std::to_string(port) + "/path?token=secret");
  EXPECT_EQ(response.error, HttpError::connect);
  EXPECT_EQ(response.message, "http://127.0.0.1:" + std::to_string(port) + ": Couldn't connect to server");
}

TEST(HttpClient, TellsASilentFarEnd) {
  const ScriptedHttp server("", true);
  HttpRequest request;
  request.url = server.url("/?token=secret");
  request.limits.total = 50ms;
  const HttpResponse response = HttpClient().get(request);
  EXPECT_EQ(response.error, HttpError::timeout);
  EXPECT_EQ(response.message, bare(server) + ": Timeout was reached");
}

TEST(HttpClient, TellsWhatIsNoHttpOrCutOff) {
  const ScriptedHttp cut("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(get(cut.url()).error, HttpError::protocol);
  EXPECT_EQ(get(cut.url()).message, bare(cut) + ": Transferred a partial file");
  const ScriptedHttp other("220 mail.example ESMTP\r\n");
  EXPECT_EQ(get(other.url()).error, HttpError::protocol);
  const ScriptedHttp nothing("");
  EXPECT_EQ(get(nothing.url()).error, HttpError::protocol);
}

TEST(HttpClient, TakesNoMoreThanItsLimits) {
  const ScriptedHttp server(ScriptedHttp::page(std::string(1001, 'x')));
  HttpRequest request;
  request.url = server.url();
  request.limits.max_body = 1001;
  EXPECT_EQ(HttpClient().get(request).body.size(), 1001U);
  request.limits.max_body = 1000;
  const HttpResponse response = HttpClient().get(request);
  EXPECT_EQ(response.error, HttpError::too_large);
  EXPECT_EQ(response.message, bare(server) + ": the response is larger than we take");
  request.limits.max_body = 1001;
  request.limits.max_head = 30;
  EXPECT_EQ(HttpClient().get(request).error, HttpError::too_large);
}

TEST(HttpClient, TakesNoPlainAnswerForAnEncryptedOne) {
  const ScriptedHttp server(ScriptedHttp::page("plain"));
  const HttpResponse response = get("https" + server.url().substr(4));
  EXPECT_EQ(response.error, HttpError::tls);
  EXPECT_EQ(response.body, "");
}

// One TLS handshake with a certificate that nobody vouches for.
class SelfSigned {
 public:
  SelfSigned()
      : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free), listener_(support::listen_on_loopback()) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    thread_ = std::thread([this] { serve(); });
  }

  SelfSigned(const SelfSigned&) = delete;
  SelfSigned& operator=(const SelfSigned&) = delete;

  ~SelfSigned() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  std::string url() const { return "https://localhost:" + std::to_string(support::port_of(listener_)) + "/"; }

 private:
  void serve() {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(session.get(), connection);
    SSL_accept(session.get());
    ::close(connection);
  }

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  int listener_;
  std::thread thread_;
};

TEST(HttpClient, TrustsNoCertificateThatNobodyVouchesFor) {
  const SelfSigned server;
  const HttpResponse response = get(server.url());
  EXPECT_EQ(response.error, HttpError::tls);
  EXPECT_THAT(response.message, HasSubstr("SSL peer certificate or SSH remote key was not OK"));
}

TEST(RetryAfter, IsANumberOfSeconds) {
  HttpResponse response;
  EXPECT_EQ(retry_after(response), 0s);
  for (const auto& [text, seconds] :
       std::vector<std::pair<std::string, std::chrono::seconds>>{{"120", 120s},
                                                                 {"0", 0s},
                                                                 {"-5", 0s},
                                                                 {"5 s", 0s},
                                                                 {"", 0s},
                                                                 {"9999999999", 0s},
                                                                 {"Fri, 27 Nov 2026 13:00:00 GMT", 0s}}) {
    response.headers["retry-after"] = text;
    EXPECT_EQ(retry_after(response), seconds) << text;
  }
}

class LiveCheckTest : public testing::Test {
 protected:
  Receipt check(const std::string& answer) {
    server_.answer(answer);
    return live_check_http(edition_, server_.url("/trust/"));
  }

  static std::string marked(const std::string& marker) {
    return "<html><head><meta name=\"fridayd\" content=\"" + marker + "\"></head></html>";
  }

  Edition edition_ = support::sample_edition(1, "trust");
  ScriptedHttp server_{""};
  std::string at_ = server_.url("/trust/");
};

TEST_F(LiveCheckTest, ConfirmsOnlyTheMarkOfThisRevision) {
  const Receipt seen = check(ScriptedHttp::page(marked(edition_.marker)));
  EXPECT_EQ(seen.outcome, Outcome::confirmed);
  EXPECT_EQ(seen.permalink, at_);
  EXPECT_EQ(seen.reply, "seen at " + at_);

  const Receipt older = check(ScriptedHttp::page(marked(edition_.pid + ".9.beef")));
  EXPECT_EQ(older.outcome, Outcome::deferred);
  EXPECT_EQ(older.fault, Fault::transient);
  EXPECT_EQ(older.reply, at_ + " still shows another revision of the post");

  const Receipt other = check(ScriptedHttp::page(marked("01OTHER.1.beef")));
  EXPECT_EQ(other.outcome, Outcome::deferred);
  EXPECT_EQ(other.reply, at_ + " shows another post");

  const Receipt none = check(ScriptedHttp::page("<html>" + edition_.marker + "</html>"));
  EXPECT_EQ(none.outcome, Outcome::deferred);
  EXPECT_EQ(none.reply, at_ + " shows a page without fridayd's mark");
}

TEST_F(LiveCheckTest, AnUnmarkedEditionIsNeverSeen) {
  edition_.marker.clear();
  EXPECT_EQ(check(ScriptedHttp::page("<html></html>")).outcome, Outcome::deferred);
}

TEST_F(LiveCheckTest, TakesAMarkForNothingUnlessTheStatusIsOk) {
  const std::string page = marked(edition_.marker);
  const Receipt gone = check(ScriptedHttp::page(page, "404 Not Found"));
  EXPECT_EQ(gone.outcome, Outcome::deferred);
  EXPECT_EQ(gone.fault, Fault::transient);
  EXPECT_EQ(gone.reply, at_ + ": HTTP 404");

  const Receipt moved = check(ScriptedHttp::page(page, "301 Moved Permanently"));
  EXPECT_EQ(moved.outcome, Outcome::deferred);
  EXPECT_EQ(moved.fault, Fault::protocol);
  EXPECT_EQ(moved.reply,
            at_ + ": HTTP 301, which sends readers elsewhere; set the channel's url to where it leads");
}

TEST_F(LiveCheckTest, HearsWhenTheFarEndWantsToBeLeftAlone) {
  const Receipt busy = check("HTTP/1.1 503 Busy\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(busy.outcome, Outcome::deferred);
  EXPECT_EQ(busy.fault, Fault::throttle);
  EXPECT_EQ(busy.retry_after, 90s);
  EXPECT_EQ(check("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n").retry_after, std::nullopt);
}

TEST(LiveCheck, SaysWhatIsWrongWithTheWay) {
  const int listener = support::listen_on_loopback();
  const std::string at = "http://127.0.0.1:" + std::to_string(support::port_of(listener));
  ::close(listener);
  const Receipt nobody = live_check_http(support::sample_edition(1, "trust"), at + "/trust/");
  EXPECT_EQ(nobody.outcome, Outcome::deferred);
  EXPECT_EQ(nobody.fault, Fault::connect);
  EXPECT_EQ(nobody.reply, at + ": Couldn't connect to server");

  const SelfSigned server;
  EXPECT_EQ(live_check_http(support::sample_edition(1, "trust"), server.url()).fault, Fault::tls);
}

}  // namespace
}  // namespace publishers
