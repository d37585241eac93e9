// The files of data/: compiled into the binary at build time, or read from --data DIR. Parsed when first asked for.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "base/result.h"

namespace assay::data {

// Reads data from `directory` instead of what is built in. Call once, before anything else here.
Result<void> use_directory(const std::filesystem::path& directory);

// Names below data/, sorted, that begin with `prefix`: list("rules/") → "rules/5.1.yaml", …
std::vector<std::string> list(std::string_view prefix);

// The tree of one YAML file; lives as long as the process. Files built in were checked when they were compiled.
Result<const Node*> file(std::string_view name);

// Parses the files that examiners need (components/, credentials/), so that a worker which may open no file finds them.
void preload();

// SHA-256 over names and contents of all files, hex; the same for the same files whether built in or in a directory.
const std::string& digest();

// "2026.11.22" from data/version.yaml, and "+local" where --data is in use.
const std::string& version();

}  // namespace assay::data
