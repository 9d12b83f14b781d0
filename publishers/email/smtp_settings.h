// What a channel of kind "smtp" is told by its section.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "config/section.h"
#include "publishers/email/smtp_rate.h"

namespace publishers::smtp {

using std::chrono::milliseconds;

// How long each step may take; RFC 5321 4.5.3.2 where it says so.
struct TimeOuts {
  milliseconds connect = std::chrono::seconds(30);  // each address of the host
  milliseconds handshake = std::chrono::minutes(1);
  milliseconds command = std::chrono::minutes(5);  // greeting, EHLO, AUTH, MAIL, RCPT, RSET
  milliseconds data = std::chrono::minutes(2);     // the go-ahead
  milliseconds block = std::chrono::minutes(3);    // each part of a message that is written
  milliseconds end_of_data = std::chrono::minutes(10);
  milliseconds quit = std::chrono::seconds(5);
  milliseconds slow_down = std::chrono::seconds(1);  // before connecting again; doubled up to 64 times
};

enum class Encryption { starttls, implicit, none };

struct Settings {
  std::string host;  // a name in A-labels, or an IP address
  std::uint16_t port = 587;
  Encryption tls = Encryption::starttls;
  // Without encryption: the addresses of the host must be this machine's own.
  bool loopback_only = false;
  std::string user;  // empty: no AUTH
  config::Secret password;
  std::filesystem::path ca_file;  // trusted besides the system's authorities; empty: none
  std::string helo = "localhost";
  std::size_t connections = 8;
  std::optional<Rate> rate;
  milliseconds idle = std::chrono::minutes(1);
  TimeOuts time_outs;

  std::string server() const;  // "mail.example.org:587"
};

// Nothing once a fault was reported.
std::optional<Settings> read_settings(config::Section& section);

}  // namespace publishers::smtp
