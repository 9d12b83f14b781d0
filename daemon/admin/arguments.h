// What a request brings: checked against the fields of its route, then read without further doubts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "admin/routes.h"

namespace admin {

// 400 in words that name the field, or nothing. null counts as not there.
std::optional<Response> refuse(const Routes::Route& route, const Request& request);

// Of a POST's body.
std::string text(const Request& request, const char* key);  // "" where it is missing
bool flag(const Request& request, const char* key);
std::vector<std::string> texts(const Request& request, const char* key);
// Of a GET's query.
std::string query(const Request& request, const char* key);
std::optional<std::int64_t> count(const Request& request, const char* key);

}  // namespace admin
