// What became of a write by a person, as the API answers it.
#pragma once

#include <string>
#include <utility>

#include "admin/house.h"
#include "store/store_thread.h"

namespace service {

inline admin::Refusal refusal(const store::StoreError& error) {
  switch (error.kind) {
    case store::Failure::not_found:
      return {404, "not found", error.what};
    case store::Failure::conflict:
    case store::Failure::stale_fence:
    case store::Failure::not_allowed:
      return {409, "not possible now", error.what};
    default:
      return {503, "the store is not well", error.what};
  }
}

template <class R>
admin::Answer<R> answer(store::Result<R> result) {
  if (!result) return tl::unexpected(refusal(result.error()));
  return std::move(*result);
}

inline admin::Answer<std::string> said(const store::Result<void>& result, std::string text) {
  if (!result) return tl::unexpected(refusal(result.error()));
  return text;
}

}  // namespace service
