// Section over toml++; for config/ alone.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include <toml++/toml.h>

#include "config/section.h"

namespace config {

struct Section::Impl {
  std::string name;
  // Pointed to, not copied: a copy of a node forgets where it stands.
  std::shared_ptr<const toml::table> document;
  const toml::table* table = nullptr;  // within the document; null: the section is not there
  std::filesystem::path file;
  Position own;  // where the section begins
  Faults faults;
  bool broken = false;  // stands there as something else than a table: told already
  std::set<std::string, std::less<>> asked;

  const toml::node* find(std::string_view key) {
    asked.emplace(key);
    return table == nullptr ? nullptr : table->get(key);
  }
};

Position position_of(const toml::source_region& region, const std::filesystem::path& file);

}  // namespace config
