// The configured channels as working publishers and transports.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "config/config.h"
#include "mailing/mail_channel.h"
#include "publishers/post_publisher.h"
#include "publishers/registry.h"
#include "rendering/post_maker.h"
#include "store/store_thread.h"
#include "templates/template_set.h"

namespace service {

// Everything that a configuration brings to life, replaced as a whole on reload.
struct Channels {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<const templates::TemplateSet> theme;
  std::map<std::string, std::shared_ptr<publishers::PostPublisher>> posts;
  std::map<std::string, std::shared_ptr<mailing::MailChannel>> mail;

  std::map<std::string, rendering::ChannelFacts> facts() const;
};

// How a shelf reaches the store; null while there is none (a check of the configuration).
using StoreOf = std::function<store::StoreThread*()>;

// Never throws for a bad configuration: what was wrong is in `faults`. `virtual_clock`: only channels that
// stay on this machine are allowed.
std::shared_ptr<Channels> make_channels(std::shared_ptr<const config::Config> config,
                                        boost::asio::any_io_executor executor, StoreOf store,
                                        bool virtual_clock, config::Faults& faults);

}  // namespace service
