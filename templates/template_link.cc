#include "templates/template_link.h"

#include <vector>

#include "templates/template_set.h"

namespace templates {
namespace {

constexpr std::size_t kLongestLine = 16;  // of ancestors

const Template& target_of(const Templates& templates, const Template& from, const Place& place,
                          const std::string& name) {
  const auto found = templates.find(name);
  if (found == templates.end()) {
    std::vector<std::string_view> names;
    for (const auto& each : templates) names.push_back(each.first);
    fail(place, "no template " + templates::quoted(name) + "; " + suggestion(name, names));
  }
  const std::string_view ending =
      std::string_view(from.name).substr(from.name.rfind('.', from.name.size() - 4));
  if (!name.ends_with(ending)) {
    fail(place, templates::quoted(name) + " escapes values in another way; use one that ends with " +
                    std::string(ending));
  }
  return *found->second;
}

std::vector<std::string_view> names_of(const Blocks& blocks) {
  std::vector<std::string_view> names;
  for (const auto& each : blocks) names.push_back(each.first);
  return names;
}

void link_names(const Templates& templates, Template& made,
                const std::set<std::string, std::less<>>& broken) {
  if (Template::Parent* parent = made.parent.get(); parent != nullptr && !broken.contains(parent->name)) {
    parent->link = &target_of(templates, made, parent->place, parent->name);
  }
  for (IncludeStatement* include : made.includes) {
    if (broken.contains(include->name())) continue;
    include->link(target_of(templates, made, include->place(), include->name()));
  }
}

// From the template up to its oldest ancestor.
std::vector<const Template*> line_of(const Template& made) {
  std::vector<const Template*> line;
  for (const Template* each = &made; each != nullptr; each = each->extended()) {
    if (line.size() == kLongestLine) {
      fail(made.parent->place, "templates extend each other over 16 deep; does one extend itself?");
    }
    line.push_back(each);
  }
  return line;
}

void link_blocks(Template& made) {
  const std::vector<const Template*> line = line_of(made);
  for (auto each = line.rbegin(); each != line.rend(); ++each) {
    for (const auto& fill : (*each)->fills) {
      const auto& block = static_cast<const BlockStatement&>(*fill);
      if (made.final_blocks.contains(block.name())) continue;
      fail(block.place(), "no block " + templates::quoted(block.name()) + " in what this extends; " +
                              suggestion(block.name(), names_of(made.final_blocks)));
    }
    for (const BlockStatement* block : (*each)->blocks) made.final_blocks[block->name()] = block;
  }
}

}  // namespace

void link_templates(const Templates& templates) {
  const std::vector<TemplateError> faults = link_faults(templates, {});
  if (!faults.empty()) throw TemplateError(faults.front());
}

std::vector<TemplateError> link_faults(const Templates& templates,
                                       const std::set<std::string, std::less<>>& broken) {
  std::vector<TemplateError> faults;
  const auto each = [&](auto step) {
    for (const auto& [name, made] : templates) {
      try {
        step(*made);
      } catch (const TemplateError& error) {
        faults.push_back(error);
      }
    }
  };
  each([&](Template& made) { link_names(templates, made, broken); });
  if (faults.empty() && broken.empty()) each(link_blocks);
  return faults;
}

}  // namespace templates
