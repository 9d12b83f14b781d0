// One mailing before it is made out to anybody: what the author and the channel decided, frozen. All that
// a message holds beyond this comes from its recipient, so that a retry writes the same bytes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "publishers/edition.h"

namespace publishers {

struct MailContent {
  std::string from;      // "Name <a@b>"
  std::string reply_to;  // the same form, or empty
  std::string sender;    // reverse-path; empty: the address of `from`
  // These may hold the merge marks of templates/merge.h.
  std::string subject;
  std::string html;  // empty: a message of plain text only
  std::string text;
  std::string list_unsubscribe;  // https:, http: or mailto: address, or empty
  bool one_click = false;        // RFC 8058, where that address is https:
  std::string list_id;           // "Name <sales.example.org>" or "sales.example.org", or empty
  bool bulk = true;              // says Precedence: bulk
  std::chrono::sys_seconds date{};
  std::chrono::minutes utc_offset{0};  // of the Date field
  std::string mailing;                 // unique per mailing: with the recipient's id it gives the Message-ID
  std::string message_id_key;          // bytes of a site secret
  std::string message_id_domain;       // empty: that of `from`
  // "asset:SHA256" in `html` becomes the address of that image within the message. What `html` does not
  // show is not sent.
  std::vector<Asset> images;
  std::vector<std::pair<std::string, std::string>> extra_headers;  // free text, after all others
};

// A text with merge marks for insertion into HTML: escaped but for the marks, which are escaped when they
// are merged.
std::string marked_html(std::string_view marked);

// Images go without their bytes, which live in the store's blob table.
boost::json::object to_json(const MailContent& content);
MailContent mail_content_from_json(
    const boost::json::object& object);  // throws std::exception on a foreign shape

}  // namespace publishers
