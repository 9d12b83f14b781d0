// Values that the store keeps as JSON text. What was written can be read, whatever bytes it holds.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "model/draft.h"
#include "store/store.h"

namespace store::sqlite {

boost::json::value parse(const std::string& text);

std::string text_of(const model::FrontMatter& head);
model::FrontMatter head_of(const std::string& text);
std::string text_of(const std::vector<model::Problem>& problems);
std::vector<model::Problem> problems_of(const std::string& text);
std::string text_of(const std::vector<StoredAsset>& assets);
std::vector<StoredAsset> assets_of(const std::string& text);
std::string text_of(const std::map<std::string, std::string>& map);
std::map<std::string, std::string> map_of(const std::string& text);

}  // namespace store::sqlite
