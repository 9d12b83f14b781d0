// A post and the theme as the pages of a blog. Pure functions of their arguments, never of the time: the
// same post and theme give the same bytes. Any thread.
//
// The variables are listed in docs/templates.md. A fault of the theme is a templates::TemplateError.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "config/config.h"
#include "publishers/edition.h"
#include "templates/template_set.h"

namespace publishers::static_site {

// What the pages of one blog have in common. Refers to site and theme, which outlive it.
struct Blog {
  const config::Site& site;
  const templates::TemplateSet& theme;
  std::string channel;    // key of the channel
  std::string url;        // absolute, without a trailing slash
  std::string permalink;  // pattern, for posts that have no address yet
  std::string style_url;
  std::string feed_url;
  std::function<std::string(const Asset&)> asset_url;  // what stands in an image's src
};

// Addresses as the published site has them: assets and stylesheet named by their content.
Blog make_blog(const config::Site& site, const templates::TemplateSet& theme, std::string channel,
               std::string url, std::string permalink);

// Where the stylesheet is published: a path in the site's folder.
std::string style_path(const templates::TemplateSet& theme);

// The part of the edition's stored permalink after the blog's url; what the pattern says where the
// edition has none on this blog. Not checked by valid_address.
std::string address_of(const Edition& edition, const Blog& blog);

boost::json::object post_variables(const Edition& edition, const Blog& blog,
                                   const boost::json::storage_ptr& memory = {});

// Throws std::runtime_error if the theme's page does not carry the post's mark, without which the page
// could not be told from somebody else's.
std::string render_page(const Edition& edition, const Blog& blog);
// `posts` newest first. Those of the index have no content.
std::string render_index(const std::vector<Edition>& posts, const Blog& blog);
std::string render_feed(const std::vector<Edition>& posts, const Blog& blog, std::size_t most);
std::string render_not_found(const Blog& blog);

}  // namespace publishers::static_site
