// Finding by id in the lists of the catalogue.
#pragma once

#include <string_view>
#include <vector>

namespace assay::catalogue {

template <class T>
const T* with_id(const std::vector<T>& list, std::string_view id) {
  for (const T& item : list)
    if (item.id == id) return &item;
  return nullptr;
}

}  // namespace assay::catalogue
