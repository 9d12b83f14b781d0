// Joins the templates of a set: parents, includes, and which block fills which.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "templates/template_statements.h"

namespace templates {

class TemplateError;

using Templates = std::map<std::string, std::unique_ptr<Template>, std::less<>>;

// Throws TemplateError for a name that is not there, and for a block that no ancestor has.
void link_templates(const Templates& templates);

// What that would throw for, once for each template. `broken` are there and can't be read, so that nothing is
// said of who names them. Blocks are looked at once all names are found.
std::vector<TemplateError> link_faults(const Templates& templates,
                                       const std::set<std::string, std::less<>>& broken);

}  // namespace templates
