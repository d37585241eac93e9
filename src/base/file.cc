#include "base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"

namespace assay {
namespace {

tl::unexpected<Error> system_error(const std::filesystem::path& path, std::string_view doing) {
  const int number = errno;
  const Errc code = number == ENOENT || number == ENOTDIR ? Errc::not_found : Errc::io;
  return fail(Error{code, fmt::format("{}: {}", doing, std::strerror(number)), path.string(), {}, {}});
}

// While a temporary file is there, an interrupt waits: nobody else would take the file away.
class InterruptsWait {
 public:
  InterruptsWait() {
    sigset_t held;
    sigemptyset(&held);
    for (const int s : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&held, s);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~InterruptsWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  InterruptsWait(const InterruptsWait&) = delete;
  InterruptsWait& operator=(const InterruptsWait&) = delete;

 private:
  sigset_t before_{};
};

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (d.fd < 0) return system_error(path, "cannot open");
  struct stat st {};
  if (::fstat(d.fd, &st) != 0) return system_error(path, "cannot read");
  if (S_ISDIR(st.st_mode))
    return fail(Error{Errc::invalid, "is a directory, a file was expected", path.string(), {}, {}});
  if (!S_ISREG(st.st_mode)) return fail(Error{Errc::invalid, "is not a regular file", path.string(), {}, {}});
  MappedFile out;
  out.size_ = static_cast<std::size_t>(st.st_size);
  if (out.size_ > 0) {
    void* p = ::mmap(nullptr, out.size_, PROT_READ, MAP_PRIVATE, d.fd, 0);
    if (p == MAP_FAILED) return system_error(path, "cannot map");
    out.data_ = static_cast<const std::uint8_t*>(p);
  }
  return out;
}
MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}
MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::uint8_t*>(data_), size_);
}

namespace {

Result<int> open_to_read(const std::filesystem::path& path) {
  Descriptor d{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe that nobody fills does not hang us
  if (d.fd < 0) return system_error(path, "cannot open");
  struct stat st {};
  if (::fstat(d.fd, &st) != 0) return system_error(path, "cannot read");
  if (S_ISDIR(st.st_mode))
    return fail(Error{Errc::invalid, "is a directory, a file was expected", path.string(), {}, {}});
  if (!S_ISREG(st.st_mode)) return fail(Error{Errc::invalid, "is not a regular file", path.string(), {}, {}});
  return std::exchange(d.fd, -1);
}

// Calls `take` for each piece until the file ends.
template <class Take>
Result<void> read_through(const std::filesystem::path& path, Take&& take) {
  const Descriptor d{ASSAY_TRY(open_to_read(path))};
  std::vector<std::uint8_t> buffer(std::size_t{128} << 10);
  for (;;) {
    const ssize_t n = ::read(d.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(path, "cannot read");
    if (n == 0) return {};
    ASSAY_TRY(take(Bytes(buffer.data(), static_cast<std::size_t>(n))));
  }
}

}  // namespace

Result<FileDigest> digest_file(const std::filesystem::path& path) {
  Sha256Stream digest;
  std::uint64_t size = 0;
  ASSAY_TRY(read_through(path, [&](Bytes piece) -> Result<void> {
    digest.add(piece);
    size += piece.size();
    return {};
  }));
  const Sha256 done = digest.finish();
  return FileDigest{hex(done), size};
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t at_most) {
  std::string out;
  ASSAY_TRY(read_through(path, [&](Bytes piece) -> Result<void> {
    if (out.size() + piece.size() > at_most)
      return fail(Error{Errc::limit, fmt::format("is larger than {} bytes", at_most), path.string(), {}, {}});
    out += as_text(piece);
    return {};
  }));
  return out;
}

namespace {

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

Result<void> put(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(path, "cannot write");
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// Where and how a file is written.
struct Place {
  std::filesystem::path path;
  mode_t mode = 0;      // of the file that is there, or what the umask leaves
  bool direct = false;  // a device or a pipe: opened and written, never renamed over
};
Result<Place> place_of(std::filesystem::path path, Links links) {
  struct stat st {};
  if (::lstat(path.c_str(), &st) == 0 && S_ISLNK(st.st_mode)) {
    if (links == Links::refuse)
      return fail(Error{Errc::invalid, "is a link; nothing is written through a link here", path.string(), {}, {}});
    // A link to a file stays, and the file behind it is replaced; one to a device leads to the device. Not resolved
    // further: /dev/stdout leads to what has no path.
    if (::stat(path.c_str(), &st) != 0) return system_error(path, "cannot write through this link");
    if (S_ISREG(st.st_mode)) {
      std::error_code error;
      path = std::filesystem::canonical(path, error);
      // A file that is open but has no name any more (/dev/stdout into a deleted file).
      if (error || ::lstat(path.c_str(), &st) != 0 || !S_ISREG(st.st_mode))
        return fail(Error{Errc::io, "cannot write through this link", path.string(), {}, {}});
    }
  } else if (::lstat(path.c_str(), &st) != 0) {
    if (errno != ENOENT) return system_error(path, "cannot write");
    const mode_t mask = ::umask(0);  // there is no other way to ask; nobody makes files beside us
    ::umask(mask);
    return Place{std::move(path), static_cast<mode_t>(0666 & ~mask), false};
  }
  if (S_ISDIR(st.st_mode)) return fail(Error{Errc::invalid, "is a directory", path.string(), {}, {}});
  if (S_ISREG(st.st_mode)) return Place{std::move(path), static_cast<mode_t>(st.st_mode & 0777), false};
  if (links == Links::refuse)
    return fail(Error{Errc::invalid, "is not a regular file; nothing is written to it", path.string(), {}, {}});
  return Place{std::move(path), 0, true};
}

Result<void> write_directly(const std::filesystem::path& path, std::string_view content) {
  const Descriptor d{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY)};
  if (d.fd < 0) return system_error(path, "cannot write");
  return put(d.fd, content, path);
}

// A file beside its place that goes away unless it is renamed.
class Beside {
 public:
  Beside(const std::filesystem::path& path, mode_t mode) : path_(path), mode_(mode) {}
  Beside(Beside&& other) noexcept
      : path_(std::move(other.path_)), mode_(other.mode_), temporary_(std::exchange(other.temporary_, std::string())) {}
  Beside& operator=(Beside&&) = delete;
  ~Beside() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  Result<void> write(std::string_view content) {
    std::string name = (directory_of(path_) / ("." + path_.filename().string() + ".XXXXXX")).string();
    const Descriptor d{::mkostemp(name.data(), O_CLOEXEC)};
    if (d.fd < 0) return system_error(path_, "cannot write");
    temporary_ = std::move(name);
    ::fchmod(d.fd, mode_);
    ASSAY_TRY(put(d.fd, content, path_));
    if (::fsync(d.fd) != 0) return system_error(path_, "cannot write");
    return {};
  }
  Result<void> rename() {
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return system_error(path_, "cannot write");
    temporary_.clear();
    return {};
  }
  void sync_directory() const {
    const Descriptor d{::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (d.fd >= 0) ::fsync(d.fd);
  }

 private:
  std::filesystem::path path_;
  mode_t mode_;
  std::string temporary_;
};

}  // namespace

Result<void> write_file(const std::filesystem::path& path, std::string_view content, Links links) {
  const Place place = ASSAY_TRY(place_of(path, links));
  if (place.direct) return write_directly(place.path, content);
  const InterruptsWait held;
  Beside beside(place.path, place.mode);
  ASSAY_TRY(beside.write(content));
  ASSAY_TRY(beside.rename());
  beside.sync_directory();
  return {};
}

Result<void> write_files(const std::vector<NewFile>& files, Links links) {
  std::vector<Place> places;
  for (const NewFile& f : files) places.push_back(ASSAY_TRY(place_of(f.path, links)));
  const InterruptsWait held;
  std::vector<Beside> all;
  all.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (places[i].direct) continue;
    all.emplace_back(places[i].path, places[i].mode);
    ASSAY_TRY(all.back().write(files[i].content));
  }
  for (std::size_t i = 0; i < files.size(); ++i)
    if (places[i].direct) ASSAY_TRY(write_directly(places[i].path, files[i].content));
  for (Beside& b : all) ASSAY_TRY(b.rename());
  if (!all.empty()) all.back().sync_directory();
  return {};
}

Result<void> make_directory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error || !std::filesystem::is_directory(path, error))
    return fail(Error{Errc::io,
                      "cannot make the directory: " + (error ? error.message() : "something else is there"),
                      path.string(),
                      {},
                      {}});
  return {};
}

Result<std::string> safe_path(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return fail(Errc::malformed, "a name with a NUL byte in it");
  if (name.size() > 4096) return fail(Errc::limit, "a name longer than 4096 bytes");
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty())
        return fail(Errc::malformed, "a name that leads out of the tree: " + clean_utf8(name.substr(0, 200)));
      parts.pop_back();
      continue;
    }
    if (part.size() > 255) return fail(Errc::limit, "a name part longer than 255 bytes");
    parts.push_back(part);
  }
  std::string out;
  for (const std::string_view part : parts) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

}  // namespace assay
