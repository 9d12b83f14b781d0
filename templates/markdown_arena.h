// Memory for the nodes and texts of one tree: given out in a row, given back all at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <vector>

namespace templates {

class Arena {
 public:
  explicit Arena(std::size_t first_block) : block_size_(first_block) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <typename T>
  T* make() {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    return new (allocate(sizeof(T))) T{};
  }
  std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* copy = static_cast<char*>(allocate(text.size()));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
  }

 private:
  static constexpr std::size_t kAlignment = 8;

  void* allocate(std::size_t bytes) {
    bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (bytes > left_) grow(bytes);
    char* place = at_;
    at_ += bytes;
    left_ -= bytes;
    return place;
  }
  void grow(std::size_t bytes) {
    const std::size_t size = std::max(bytes, block_size_);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    at_ = blocks_.back().get();
    left_ = size;
    block_size_ = size * 2;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_size_;
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace templates
