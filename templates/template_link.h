// Joins the templates of a set: parents, includes, and which block fills which.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "templates/template_statements.h"

namespace templates {

using Templates = std::map<std::string, std::unique_ptr<Template>, std::less<>>;

// Throws TemplateError for a name that is not there, and for a block that no ancestor has.
void link_templates(const Templates& templates);

}  // namespace templates
