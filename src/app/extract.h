// Laying recovered trees on the host's disk (--extract): never outside the directory, no root needed, links and nodes
// safe. What the image really says (owners, modes, devices, link targets) stands in the manifest beside the trees.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/sink.h"

namespace assay::app {

class Extractor {
 public:
  static Result<Extractor> open(const std::filesystem::path& directory);
  Extractor(Extractor&& other) noexcept;
  Extractor& operator=(Extractor&&) = delete;
  ~Extractor();

  // `tree`: a folder name of our own making, one a tree. The content may come in pieces.
  Result<void> begin(std::string_view tree, const Entry& entry);
  Result<void> data(Bytes content);
  // Takes away everything that was laid out: what comes next comes from the beginning.
  Result<void> start_again();
  // Links are made last, so that nothing is ever written through one; then the manifest.
  Result<void> finish();
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  Extractor() = default;
  Result<int> directory_of(const std::string& path);
  void not_laid_out(const std::string& path, const Error& why);
  void end_file();

  int root_ = -1;
  int file_ = -1;
  std::vector<std::pair<std::string, Entry>> links_;  // path below root, entry
  std::vector<std::pair<std::string, bool>> made_;    // path below root, whether a directory
  std::string manifest_;
  std::vector<std::string> remarks_;
};

}  // namespace assay::app
