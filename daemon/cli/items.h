// What the views have in common: an answer shown or refused, lists, and a row of the outbox.
#pragma once

#include <functional>
#include <optional>
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

// A list that comes in pages, whole or its first `most` rows: the first page's body with the rows of all, its
// `next` that of the last. A page that is refused is what is returned.
Reply all_pages(const std::function<Reply(const std::string& path)>& get, const std::string& path,
                std::optional<int> most);
Reply all_pages(const Client& client, const std::string& path, std::optional<int> most = std::nullopt);

// `nothing` as a remark where the table has no row.
void show_table(const Table& table, const std::string& nothing);

extern const std::vector<std::string> kDeliveryHeads;
void add_delivery(Table& table, const boost::json::object& delivery);

}  // namespace cli
