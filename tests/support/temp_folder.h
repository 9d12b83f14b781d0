// A folder that goes with its owner; in memory where there is room, for the many fsyncs of a store.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace support {

class TempFolder {
 public:
  TempFolder() {
    constexpr std::uintmax_t kRoom = 256u << 20;
    std::error_code error;
    const auto space = std::filesystem::space("/dev/shm", error);
    const std::filesystem::path base =
        !error && space.available > kRoom ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (base / "fridayd-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::app) << text;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace support
