// Which kinds of channel exist: one line each in registry.cc. Adding one touches its own folder and that
// line.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>

#include "config/config.h"
#include "publishers/mail_transport.h"
#include "publishers/post_publisher.h"
#include "templates/template_set.h"

namespace publishers {

// What a channel may use beyond its own section of the configuration. All outlive the channel.
struct Surroundings {
  const config::Site& site;
  const templates::TemplateSet& theme;
  Shelf& shelf;
};

// A row sets exactly one of the two factories. A factory reads its keys from `section` and reports
// faults there; it never throws for a bad configuration, and may return null once it has reported one.
struct Kind {
  std::string_view name;
  std::unique_ptr<PostPublisher> (*post)(config::Section& section,
                                         const Surroundings& surroundings) = nullptr;
  std::unique_ptr<MailTransport> (*mail)(config::Section& section,
                                         boost::asio::any_io_executor executor) = nullptr;
  bool loopback_only_clock = false;  // may run under --clock whatever address it is given
};

std::span<const Kind> kinds();
const Kind* find_kind(std::string_view name);

}  // namespace publishers
