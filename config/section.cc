#include "config/section.h"

#include <algorithm>

#include "config/load.h"
#include "config/section_impl.h"

namespace config {
namespace {

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

}  // namespace

Position position_of(const toml::source_region& region, const std::filesystem::path& file) {
  return {file.string(), region.begin.line, region.begin.column};
}

Section::Section(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Section::~Section() = default;

const std::string& Section::name() const {
  return impl_->name;
}

bool Section::has(std::string_view key) const {
  return impl_->table != nullptr && impl_->table->contains(key);
}

Position Section::position(std::string_view key) const {
  if (!has(key)) return impl_->own;
  return position_of(impl_->table->find(key)->first.source(), impl_->file);
}

void Section::fault(std::string_view key, std::string what, std::string todo) {
  if (impl_->broken) return;
  std::string text(key);
  if (!text.empty()) text += ' ';
  impl_->faults.add(position(key), text + what, std::move(todo));
}

std::optional<std::string> Section::written(std::string_view key, std::string_view example) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_string()) return value->get();
  fault(key, "is " + type_name(*node) + ", not a string",
        "write " + std::string(key) + " = \"" + std::string(example) + '"');
  return std::nullopt;
}

std::string Section::text(std::string_view key) {
  const auto value = written(key, "...");
  if (!has(key)) {
    fault("", '[' + impl_->name + "] lacks " + std::string(key), "write " + std::string(key) + " = \"...\"");
  }
  if (value && value->empty()) fault(key, "is empty", "write a text");
  return value.value_or("");
}

std::string Section::text(std::string_view key, std::string fallback) {
  return written(key, "...").value_or(std::move(fallback));
}

bool Section::flag(std::string_view key, bool fallback) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return fallback;
  if (const auto* value = node->as_boolean()) return value->get();
  fault(key, "is " + type_name(*node) + ", not true or false", "write " + std::string(key) + " = true");
  return fallback;
}

std::int64_t Section::number(std::string_view key, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return fallback;
  const std::string example = "write " + std::string(key) + " = " + std::to_string(fallback);
  const auto* value = node->as_integer();
  if (value == nullptr) {
    fault(key, "is " + type_name(*node) + ", not a whole number", example);
    return fallback;
  }
  if (value->get() < least || value->get() > most) {
    fault(key, "is " + std::to_string(value->get()),
          "it goes from " + std::to_string(least) + " to " + std::to_string(most));
    return fallback;
  }
  return value->get();
}

std::chrono::milliseconds Section::duration(std::string_view key, std::chrono::milliseconds fallback) {
  const auto text = written(key, "90s");
  if (!text) return fallback;
  if (const auto value = parse_duration(*text)) return *value;
  fault(key, "is no duration: \"" + *text + '"', "write it as \"90s\", \"12h\" or \"2d\"");
  return fallback;
}

std::uintmax_t Section::size(std::string_view key, std::uintmax_t fallback) {
  const auto text = written(key, "2MiB");
  if (!text) return fallback;
  if (const auto value = parse_size(*text)) return *value;
  fault(key, "is no size: \"" + *text + '"', "write it as \"500kB\" or \"2MiB\"");
  return fallback;
}

std::filesystem::path Section::path(std::string_view key) {
  const std::string written = text(key);
  return written.empty() ? std::filesystem::path() : (impl_->file.parent_path() / written).lexically_normal();
}

std::filesystem::path Section::path(std::string_view key, std::filesystem::path fallback) {
  const std::string written = text(key, std::string());
  return written.empty() ? fallback : (impl_->file.parent_path() / written).lexically_normal();
}

std::vector<std::string> Section::list(std::string_view key, std::vector<std::string> fallback) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return fallback;
  const std::string example = "write " + std::string(key) + " = [\"...\"]";
  const auto* array = node->as_array();
  if (array == nullptr) {
    fault(key, "is " + type_name(*node) + ", not a list", example);
    return fallback;
  }
  std::vector<std::string> values;
  for (const toml::node& each : *array) {
    if (const auto* value = each.as_string()) {
      values.push_back(value->get());
    } else {
      impl_->faults.add(position_of(each.source(), impl_->file),
                        std::string(key) + " holds " + type_name(each) + ", not a string", example);
    }
  }
  return values;
}

std::string Section::choice(std::string_view key, std::initializer_list<std::string_view> choices,
                            std::string_view fallback) {
  const std::string value = text(key, std::string(fallback));
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
  std::string list;
  for (const std::string_view choice : choices) {
    if (!list.empty()) list += ", ";
    list += '"' + std::string(choice) + '"';
  }
  fault(key, "is \"" + value + '"', "use one of " + list);
  return std::string(fallback);
}

void Section::finish() {
  if (impl_->table == nullptr) return;
  const std::vector<std::string> known(impl_->asked.begin(), impl_->asked.end());
  std::string all;
  for (const std::string& key : known) all += (all.empty() ? "" : ", ") + key;
  for (const auto& [name, node] : *impl_->table) {
    if (impl_->asked.contains(name.str())) continue;
    const std::string near = nearest(name.str(), known);
    impl_->faults.add(position_of(name.source(), impl_->file),
                      "unknown key \"" + std::string(name.str()) + "\" in [" + impl_->name + ']',
                      near.empty() ? "the keys are " + all : "did you mean \"" + near + "\"?");
  }
}

}  // namespace config
