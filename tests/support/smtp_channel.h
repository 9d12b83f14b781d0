// The mail of a trial sent to an SMTP server, by four connections at most.
#pragma once

#include <string>

#include "support/mail_server.h"
#include "support/trial.h"

namespace support {

inline constexpr int kSmtpConnections = 4;

// Part "mail" of a trial's configuration. Logs in if a password's file is named.
inline std::string smtp_channel(int port, const std::string& tls, const std::string& ca_file,
                                const std::string& password_file = "") {
  std::string text =
      "\n[channels.mail]\nkind = \"smtp\"\nafter = \"blog\"\nhost = \"localhost\"\nport = " +
      std::to_string(port) + "\ntls = \"" + tls + "\"\nca_file = \"" + ca_file +
      "\"\nconnections = " + std::to_string(kSmtpConnections) +
      "\nfrom = \"Sales Leadership Friday <friday@example.org>\"\nrecipients = \"recipients.csv\"\n"
      "unsubscribe = \"https://example.org/leave?who={{address|}}\"\npostal_address = \"1 Example "
      "Street\"\nwhy = \"You asked for it at example.org.\"\n";
  if (!password_file.empty())
    text += std::string("user = \"") + MailServer::kUser + "\"\npassword = { file = \"" + password_file +
            "\" }\n";
  return text;
}

inline void mail_by(const MailServer& server, Trial& trial, const std::string& tls,
                    const std::string& password = MailServer::kPassword) {
  put(trial.folder() / "password", password + "\n");
  std::filesystem::permissions(trial.folder() / "password", std::filesystem::perms::owner_read);
  const int port = tls == "implicit" ? server.tls_port() : server.port();
  trial.configure("mail", smtp_channel(port, tls, server.ca_file(), "password"));
}

}  // namespace support
