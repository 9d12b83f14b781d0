// What the views have in common: an answer shown or refused, lists, and a row of the outbox.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "cli/client.h"
#include "cli/options.h"
#include "cli/print.h"

namespace cli {

// "v31", "m31/204": `letter` and a number.
bool is_id(const std::string& item, char letter);

Colour colour_of(const std::string& state);
const boost::json::array& items(const boost::json::object& body);

// Says why on standard error; the exit code.
int refused(const Reply& reply);
int show_reply(const Options& options, const Reply& reply, void (*print)(const boost::json::object&));
int show(const Client& client, const Options& options, const std::string& path,
         void (*print)(const boost::json::object&));

extern const std::vector<std::string> kDeliveryHeads;
void add_delivery(Table& table, const boost::json::object& delivery);

}  // namespace cli
