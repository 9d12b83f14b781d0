// A configured mail channel as the mailing room needs it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "config/config.h"
#include "publishers/email/mail_settings.h"
#include "publishers/mail_transport.h"
#include "templates/template_set.h"

namespace mailing {

struct MailChannel {
  std::string key;
  boost::asio::any_io_executor executor;  // where the transport lives
  publishers::MailSettings settings;
  std::shared_ptr<publishers::MailTransport> transport;
  std::shared_ptr<const templates::TemplateSet> theme;
  config::Site site;
  std::string rehearsal_to;  // all mail goes to this one address; empty: the real recipients
};

}  // namespace mailing
