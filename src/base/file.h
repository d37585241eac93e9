// Files of the host: read whole or mapped, written beside and renamed, so that nobody ever sees half a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace assay {

// A regular file, mapped read-only. The view lives as long as this object.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();
  Bytes bytes() const { return {data_, size_}; }

 private:
  MappedFile() = default;
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

// Read, not mapped: a file that another program cuts short meanwhile ends whoever reads a mapping of it.
struct FileDigest {
  std::string sha256;  // hex
  std::uint64_t size;
};
Result<FileDigest> digest_file(const std::filesystem::path& path);

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t at_most);
// What a link is to us: a file that a person named may be one, a file of a dossier may not, as the dossier may come
// from a stranger, whose link must not choose where we write.
enum class Links { follow, refuse };
// Writes to a temporary file in the same directory, fsync, rename, fsync of the directory. The mode is that of the file
// that is there, else what the umask leaves. A link to a file stays and the file behind it is replaced. What is neither
// file nor directory (a device, a pipe, a link to one) is opened and written, never replaced; in Links::refuse an
// error.
Result<void> write_file(const std::filesystem::path& path, std::string_view content, Links links = Links::follow);
// Several at once: all are written beside their places before the first is renamed, in the order given. Only a kill or
// a power failure in the moment of the renaming leaves some old and some new.
struct NewFile {
  std::filesystem::path path;
  std::string content;
};
Result<void> write_files(const std::vector<NewFile>& files, Links links = Links::follow);
Result<void> make_directory(const std::filesystem::path& path);

// A path out of an archive, made safe: relative, "/"-separated, no "..", no NUL, no empty or "." parts.
// Absolute names lose their slash; ".." that would leave the root is an Error.
Result<std::string> safe_path(std::string_view name);

}  // namespace assay
