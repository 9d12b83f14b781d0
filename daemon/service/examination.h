// What can be found out about a configuration without doing anything: its faults, the rights of every path
// that it needs, and its lists. The daemon looks with its own eyes when it is asked; fridayctl does where no
// daemon answers.
#pragma once

#include "admin/house.h"
#include "service/service.h"

namespace service {

// Reads the configuration as a start would, beside the one that is in force. `running`: folders that the
// daemon makes only at its first start have to be there. Blocking, any thread.
admin::Examination examine(const Setup& setup, bool running);

}  // namespace service
