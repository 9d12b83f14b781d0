// A place on this machine that something can't do without, and what is done there: for whoever looks
// whether that may be done.
#pragma once

#include <filesystem>
#include <string>

namespace publishers {

struct NeededPath {
  enum class Use {
    read_file,    // has to be there
    append_file,  // read and written; made in its folder where it is missing
    read_folder,  // has to be there
    own_folder,   // read and written in; made where it is missing
  };
  Use use;
  std::string what;  // for people: "site folder"
  std::filesystem::path path;
};

}  // namespace publishers
