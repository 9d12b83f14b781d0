// A scripted server that asks for STARTTLS and a password, and a client that is set up for it.
#pragma once

#include "support/mail_bench.h"
#include "support/mail_certificates.h"
#include "support/scripted_smtp.h"

namespace support {

inline const TestAuthority& authority() {
  static const TestAuthority one;
  return one;
}

inline ScriptedSmtp::Options with_everything() {
  static const Certificate certificate = authority().issue("DNS:localhost,IP:127.0.0.1");
  ScriptedSmtp::Options options;
  options.certificate = certificate;
  options.user = "poster";
  options.password = "s3cret word";
  return options;
}

inline void expect_encrypted(SmtpBench& bench) {
  bench.settings.tls = publishers::smtp::Encryption::starttls;
  bench.settings.loopback_only = false;
  bench.trust(authority().pem());
  bench.log_in("poster", "s3cret word");
}

}  // namespace support
