// An SMTP server on loopback that does as the standard says, unless the test's script tells it to do
// something else at some command. Keeps what it was told and what it took. A thread for each connection; the
// script is asked by one at a time.
#pragma once

#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/mail_certificates.h"
#include "support/scripted_http.h"

namespace support {

class ScriptedSmtp {
 public:
  // What the server does at one command instead of the usual.
  struct Act {
    // silence: reads on and says nothing; deaf: does not even read.
    enum class After { go_on, close, reset, silence, deaf };
    std::string reply;  // as it goes out, with its line ends
    After after = After::go_on;
  };
  struct Event {
    int connection = 0;  // from 1
    std::string verb;    // CONNECT, a command, LINE (an AUTH response), or END for the dot
    std::string line;
    int count = 0;  // how often this verb came on this connection, from 1
  };
  using Script = std::function<std::optional<Act>(const Event&)>;

  struct Options {
    std::vector<std::string> extensions = {"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 1000000",
                                           "ENHANCEDSTATUSCODES"};
    std::optional<Certificate> certificate;
    bool implicit_tls = false;
    std::string user;  // needs AUTH if not empty
    std::string password;
    bool data_always = false;  // 354 to DATA even without a recipient
    Script script;
  };

  struct Message {
    int connection = 0;
    std::string sender;
    std::string recipient;
    std::string data;  // dots unstuffed
    bool encrypted = false;
    std::string user;
  };
  struct Heard {
    Event event;
    int read = 0;  // the read of this connection that brought its end
  };

  explicit ScriptedSmtp(Options options) : options_(std::move(options)), listener_(listen_on_loopback()) {
    if (options_.certificate) make_tls();
    thread_ = std::thread([this] { serve(); });
  }
  ScriptedSmtp() : ScriptedSmtp(Options()) {}
  ScriptedSmtp(const ScriptedSmtp&) = delete;
  ScriptedSmtp& operator=(const ScriptedSmtp&) = delete;

  ~ScriptedSmtp() {
    go_away();
    thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& talk : talks_) talk.join();
    ::close(listener_);
  }

  int port() const { return port_of(listener_); }

  // Takes no more connections.
  void go_away() { ::shutdown(listener_, SHUT_RDWR); }

  std::vector<Message> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  std::vector<Heard> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  // "MAIL" as often as it was heard on all connections.
  std::size_t count(const std::string& verb) const {
    std::size_t times = 0;
    for (const Heard& each : heard()) times += each.event.verb == verb ? 1 : 0;
    return times;
  }

  static Script at(std::string verb, Act act, int connection = 0, int count = 0) {
    return [=](const Event& event) -> std::optional<Act> {
      const bool here = event.verb == verb && (connection == 0 || event.connection == connection) &&
                        (count == 0 || event.count == count);
      return here ? std::optional(act) : std::nullopt;
    };
  }

 private:
  struct FreeTls {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  void make_tls() {
    const auto bio = [](const std::string& pem) {
      return std::unique_ptr<BIO, FreeTls>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    };
    context_.reset(SSL_CTX_new(TLS_server_method()));
    const std::unique_ptr<X509, FreeTls> certificate(
        PEM_read_bio_X509(bio(options_.certificate->certificate).get(), nullptr, nullptr, nullptr));
    const std::unique_ptr<EVP_PKEY, FreeTls> key(
        PEM_read_bio_PrivateKey(bio(options_.certificate->key).get(), nullptr, nullptr, nullptr));
    if (SSL_CTX_use_certificate(context_.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1)
      throw std::runtime_error("OpenSSL does not take the test's certificate");
  }

  struct Dialogue {
    int socket = -1;
    int number = 0;
    int reads = 0;
    std::string input;
    std::unique_ptr<SSL, FreeTls> tls;
    bool over = false;
    std::map<std::string, int> counts;
    std::string user;
    std::optional<std::string> sender;
    std::optional<std::string> recipient;
  };

  void serve() {
    for (int number = 1;; ++number) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const int at_once = 1;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      {
        const std::lock_guard lock(mutex_);
        open_.insert(socket);
      }
      talks_.emplace_back([this, socket, number] {
        // OpenSSL writes without MSG_NOSIGNAL. For this thread only: the client must do without.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        Dialogue dialogue;
        dialogue.socket = socket;
        dialogue.number = number;
        talk(dialogue);
        dialogue.tls.reset();
        const std::lock_guard lock(mutex_);
        open_.erase(socket);
        ::close(socket);
      });
    }
  }

  void talk(Dialogue& on) {
    if (options_.implicit_tls && !encrypt(on)) return;
    if (!act(on, "CONNECT", "", "220 mail.example.test ESMTP\r\n")) return;
    while (!on.over) {
      const std::optional<std::string> line = take_line(on);
      if (!line) return;
      command(on, *line);
    }
  }

  void command(Dialogue& on, const std::string& line) {
    const std::string verb = upper(line.substr(0, line.find(' ')));
    if (verb == "EHLO") return void(act(on, verb, line, hello(on)));
    if (verb == "HELO") return void(act(on, verb, line, "250 mail.example.test\r\n"));
    if (verb == "STARTTLS") {
      if (act(on, verb, line, "220 2.0.0 go ahead\r\n")) on.over = !encrypt(on);
      return;
    }
    if (verb == "AUTH") return authenticate(on, line);
    if (verb == "MAIL") {
      const bool allowed = !on.sender && (options_.user.empty() || !on.user.empty());
      if (!allowed) return say(on, note(on, verb, line), "503 5.5.1 not now\r\n");
      if (act(on, verb, line, "250 2.1.0 ok\r\n")) on.sender = path(line);
      return;
    }
    if (verb == "RCPT") {
      if (!on.sender) return say(on, note(on, verb, line), "503 5.5.1 MAIL first\r\n");
      if (act(on, verb, line, "250 2.1.5 ok\r\n")) on.recipient = path(line);
      return;
    }
    if (verb == "DATA") return data(on, line);
    if (verb == "RSET") {
      on.sender.reset();
      on.recipient.reset();
      return void(act(on, verb, line, "250 2.0.0 ok\r\n"));
    }
    if (verb == "QUIT") {
      act(on, verb, line, "221 2.0.0 bye\r\n");
      on.over = true;
      return;
    }
    say(on, note(on, verb, line), "500 5.5.2 what?\r\n");
  }

  void data(Dialogue& on, const std::string& line) {
    const bool usual = on.recipient.has_value() || (options_.data_always && on.sender);
    if (!usual) return say(on, note(on, "DATA", line), "554 5.5.1 no valid recipients\r\n");
    if (!act(on, "DATA", line, "354 go ahead\r\n")) return;
    std::string text;
    for (;;) {
      std::optional<std::string> part = take_line(on);
      if (!part) return;
      if (*part == ".") break;
      if (part->starts_with('.')) part->erase(0, 1);
      text += *part + "\r\n";
    }
    const Message message{on.number, on.sender.value_or(""), on.recipient.value_or(""),
                          text,      on.tls != nullptr,      on.user};
    const bool deliverable = on.recipient.has_value();
    on.sender.reset();
    on.recipient.reset();
    const auto keep = [this, message, deliverable] {
      const std::lock_guard lock(mutex_);
      if (deliverable) messages_.push_back(message);
    };
    act(on, "END", "", deliverable ? "250 2.0.0 Ok: queued as 4XYZ\r\n" : "554 5.5.1 no valid recipients\r\n",
        keep);
  }

  void authenticate(Dialogue& on, const std::string& line) {
    const std::string mechanism = line.substr(5, line.find(' ', 5) - 5);
    std::string given = line.size() > 6 + mechanism.size() ? line.substr(6 + mechanism.size()) : "";
    if (mechanism == "LOGIN") {
      if (!act(on, "AUTH", line, "334 VXNlcm5hbWU6\r\n")) return;
      const std::string name = take_line(on).value_or("");
      if (!act(on, "LINE", name, "334 UGFzc3dvcmQ6\r\n")) return;
      const std::string word = take_line(on).value_or("");
      const bool good = decoded(name) == options_.user && decoded(word) == options_.password;
      if (good) on.user = options_.user;
      act(on, "LINE", word, good ? "235 2.7.0 in\r\n" : "535 5.7.8 wrong\r\n");
      return;
    }
    const std::string expected =
        std::string(1, '\0') + options_.user + std::string(1, '\0') + options_.password;
    const bool good = decoded(given) == expected;
    if (good) on.user = options_.user;
    act(on, "AUTH", line, good ? "235 2.7.0 in\r\n" : "535 5.7.8 wrong\r\n");
  }

  std::string hello(const Dialogue& on) const {
    std::vector<std::string> lines = {"mail.example.test greets you"};
    lines.insert(lines.end(), options_.extensions.begin(), options_.extensions.end());
    if (options_.certificate && !on.tls && !options_.implicit_tls) lines.emplace_back("STARTTLS");
    const bool named = options_.user.empty() || (options_.certificate && !on.tls);
    if (!named) lines.emplace_back("AUTH PLAIN LOGIN");
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += (i + 1 < lines.size() ? "250-" : "250 ") + lines[i] + "\r\n";
    return text;
  }

  Event note(Dialogue& on, const std::string& verb, const std::string& line) {
    Event event{on.number, verb, line, ++on.counts[verb]};
    const std::lock_guard lock(mutex_);
    heard_.push_back({event, on.reads});
    return event;
  }

  // Answers as usual, or as the script says; true: as usual. `keep` is done before a good answer.
  bool act(Dialogue& on, const std::string& verb, const std::string& line, const std::string& usual,
           const std::function<void()>& keep = {}) {
    const Event event = note(on, verb, line);
    std::optional<Act> scripted;
    if (options_.script) {
      const std::lock_guard lock(script_mutex_);
      scripted = options_.script(event);
    }
    const std::string reply = scripted ? scripted->reply : usual;
    // A server that cuts the line, or whose answer gets lost, has taken the message all the same.
    const bool refused = reply.starts_with('4') || reply.starts_with('5');
    if (keep && !refused) keep();
    say(on, event, reply);
    if (!scripted) return true;
    if (scripted->after == Act::After::silence) {
      while (take_line(on)) {
      }
    }
    if (scripted->after == Act::After::deaf) {
      pollfd until_shut{on.socket, 0, 0};
      ::poll(&until_shut, 1, -1);
    }
    if (scripted->after == Act::After::reset) {
      const linger at_once{1, 0};
      ::setsockopt(on.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (scripted->after != Act::After::go_on) on.over = true;
    return scripted->after == Act::After::go_on && reply.size() > 0 && (reply[0] == '2' || reply[0] == '3');
  }

  void say(Dialogue& on, const Event&, const std::string& bytes) {
    if (bytes.empty() || on.over) return;
    if (on.tls) {
      if (SSL_write(on.tls.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) on.over = true;
    } else if (::send(on.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
      on.over = true;
    }
  }

  bool encrypt(Dialogue& on) {
    on.tls.reset(SSL_new(context_.get()));
    SSL_set_fd(on.tls.get(), on.socket);
    on.input.clear();
    on.sender.reset();
    return SSL_accept(on.tls.get()) == 1;
  }

  std::optional<std::string> take_line(Dialogue& on) {
    for (;;) {
      const std::size_t end = on.input.find("\r\n");
      if (end != std::string::npos) {
        std::string line = on.input.substr(0, end);
        on.input.erase(0, end + 2);
        return line;
      }
      char chunk[65536];
      const ssize_t got =
          on.tls ? SSL_read(on.tls.get(), chunk, sizeof chunk) : ::recv(on.socket, chunk, sizeof chunk, 0);
      if (got <= 0) return std::nullopt;
      ++on.reads;
      on.input.append(chunk, static_cast<std::size_t>(got));
    }
  }

  static std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
  }

  static std::string path(const std::string& line) {
    const std::size_t open = line.find('<');
    return line.substr(open + 1, line.find('>') - open - 1);
  }

  static std::string decoded(const std::string& base64) {
    std::string out(base64.size(), '\0');
    const auto* in = reinterpret_cast<const unsigned char*>(base64.data());
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), in, static_cast<int>(base64.size()));
    if (size < 0) return {};
    const auto padding = base64.ends_with("==") ? 2U : base64.ends_with("=") ? 1U : 0U;
    out.resize(static_cast<std::size_t>(size) - padding);
    return out;
  }

  Options options_;
  int listener_;
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::mutex script_mutex_;
  mutable std::mutex mutex_;
  std::set<int> open_;
  std::vector<Message> messages_;
  std::vector<Heard> heard_;
  std::vector<std::thread> talks_;
  std::thread thread_;
};

inline ScriptedSmtp::Options with_script(ScriptedSmtp::Script script) {
  ScriptedSmtp::Options options;
  options.script = std::move(script);
  return options;
}

inline std::vector<std::string> recipients(const ScriptedSmtp& server) {
  std::vector<std::string> all;
  for (const ScriptedSmtp::Message& message : server.messages()) all.push_back(message.recipient);
  return all;
}

}  // namespace support
