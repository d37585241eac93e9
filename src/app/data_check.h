// assay data check: everything in data/ is read by the loader that reads it in earnest, and every mistake is said.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::app {

// One part of data/ and who checks it. A new folder of data/ is one line in data_check.cc.
struct DataLoader {
  std::string_view name;
  std::string_view reads[8];  // files, or folders with a slash at the end; the rest empty
  std::vector<Error> (*check)();
  bool needs_claims = false;  // works with ixit.yaml, and cannot start where that is broken
};
std::span<const DataLoader> data_loaders();

struct DataCheck {
  struct Loaded {
    std::string_view name;
    std::size_t files = 0, mistakes = 0;
    bool skipped = false;  // what it stands on is broken
  };
  struct Mistake {
    std::string_view loader;
    Error error;  // `where` is "DIR/schemes/x.yaml:3:5"
  };
  std::size_t files = 0;
  std::vector<Loaded> loaders;
  std::vector<Mistake> mistakes;  // by place
};

// Of the data in use; `directory` stands in front of the places ("data" for what is built in). Call it before anything
// else reads data.
DataCheck check_data(const std::filesystem::path& directory);

// As text or JSON.
std::string data_check_text(const DataCheck& check, bool json);

}  // namespace assay::app
