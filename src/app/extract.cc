#include "app/extract.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace assay::app {
namespace {

tl::unexpected<Error> system_error(const std::string& path, std::string_view doing) {
  return fail(Error{Errc::io, fmt::format("{}: {}", doing, std::strerror(errno)), path, {}, {}});
}

// Where an absolute link of the tree points, written relative to the link: "/usr/bin/x" in "etc/rc.d" →
// "../../usr/bin/x".
std::string relative_target(std::string_view tree, std::string_view link_path, std::string_view target) {
  std::string out;
  const std::string_view inside = link_path.substr(tree.size() + 1);
  for (const char c : inside)
    if (c == '/') out += "../";
  while (!target.empty() && target.front() == '/') target.remove_prefix(1);
  out += target;
  return out.empty() ? "." : out;
}

// Whether a relative target, from the link's own directory, stays below the tree's folder all the way. The directories
// a link lies in are real ones; a name of its target may be another link, and ".." behind that leads anywhere.
bool stays_inside(std::string_view tree, std::string_view link_path, std::string_view target) {
  long depth = 0;
  bool below = false;
  for (const char c : link_path.substr(tree.size() + 1))
    if (c == '/') ++depth;
  for (const std::string_view part : split(target, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      below = true;
    } else if (below || --depth < 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<Extractor> Extractor::open(const std::filesystem::path& directory) {
  ASSAY_TRY(make_directory(directory));
  std::error_code error;
  const bool empty = std::filesystem::is_empty(directory, error);
  if (error) return fail(Error{Errc::io, "cannot open: " + error.message(), directory.string(), {}, {}});
  if (!empty)
    return fail(Error{Errc::invalid,
                      "is not empty; files are only laid into an empty directory",
                      directory.string(),
                      {},
                      "Name a directory that does not exist yet."});
  Extractor out;
  out.root_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (out.root_ < 0) return system_error(directory.string(), "cannot open");
  return out;
}
Extractor::Extractor(Extractor&& other) noexcept
    : root_(std::exchange(other.root_, -1)),
      file_(std::exchange(other.file_, -1)),
      links_(std::move(other.links_)),
      made_(std::move(other.made_)),
      manifest_(std::move(other.manifest_)),
      remarks_(std::move(other.remarks_)) {}
Extractor::~Extractor() {
  if (file_ >= 0) ::close(file_);
  if (root_ >= 0) ::close(root_);
}

void Extractor::end_file() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

// Opens (and makes) the directory a path lies in, step by step, never through a link.
Result<int> Extractor::directory_of(const std::string& path) {
  int at = ::dup(root_);
  std::size_t from = 0;
  for (std::size_t slash; (slash = path.find('/', from)) != std::string::npos; from = slash + 1) {
    const std::string part = path.substr(from, slash - from);
    const bool made = ::mkdirat(at, part.c_str(), 0755) == 0;
    if (made) made_.emplace_back(path.substr(0, slash), true);
    if (!made && errno != EEXIST) {
      auto error = system_error(path, "cannot make a directory");
      ::close(at);
      return error;
    }
    const int next = ::openat(at, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    ::close(at);
    if (next < 0) return system_error(path, "a file stands where a directory should be");
    at = next;
  }
  return at;
}

// An image may name a file and something below it, or one thing twice: that costs the entry, not the run.
void Extractor::not_laid_out(const std::string& path, const Error& why) {
  remarks_.push_back(fmt::format("{} was not laid out: {}", path, why.what));
}

Result<void> Extractor::begin(std::string_view tree, const Entry& entry) {
  end_file();
  // The worker may have been taken over: the path is made safe here again.
  const std::string inside = ASSAY_TRY(safe_path(entry.path));
  const std::string folder = ASSAY_TRY(safe_path(tree));
  if (folder.empty() || folder.find('/') != std::string::npos)
    return fail(Errc::malformed, "a tree without a folder name");
  const std::string path = inside.empty() ? folder : folder + "/" + inside;

  JsonWriter row;
  row.object()
      .field("tree", folder)
      .field("path", "/" + entry.path)
      .field("type", name(entry.type))
      .field("mode", fmt::format("{:04o}", entry.mode))
      .field("uid", entry.uid)
      .field("gid", entry.gid)
      .field("size", entry.size);
  if (!entry.target.empty()) row.field("target", entry.target);
  if (entry.type == EntryType::block_device || entry.type == EntryType::char_device)
    row.field("device", fmt::format("{}:{}", entry.major, entry.minor));
  row.end_object();
  manifest_ += row.take() + "\n";

  switch (entry.type) {
    case EntryType::directory: {
      const auto at = directory_of(path + "/");
      if (at)
        ::close(*at);
      else
        not_laid_out(path, at.error());
      return {};
    }
    case EntryType::symlink:
    case EntryType::hardlink:
      links_.emplace_back(path, entry);
      return {};
    case EntryType::file: {
      if (inside.empty()) return fail(Errc::malformed, "a file without a name");
      const auto directory = directory_of(path);
      if (!directory) {
        not_laid_out(path, directory.error());
        return {};
      }
      const int at = *directory;
      const std::string leaf = path.substr(path.rfind('/') + 1);
      file_ = ::openat(at, leaf.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
      ::close(at);
      if (file_ < 0) {
        remarks_.push_back(fmt::format("{} was not laid out: {}", path, std::strerror(errno)));
        return {};
      }
      made_.emplace_back(path, false);
      ::fchmod(file_, (entry.mode & 0111) ? 0755 : 0644);
      return {};
    }
    default:
      return {};  // devices, pipes and sockets stand in the manifest only
  }
}

Result<void> Extractor::data(Bytes content) {
  while (file_ >= 0 && !content.empty()) {
    const ssize_t n = ::write(file_, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("--extract", "cannot write");
    content = content.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

// Last made, first removed: a directory is empty by then, but for what somebody else put there.
Result<void> Extractor::start_again() {
  end_file();
  const auto all = std::exchange(made_, {});
  for (auto made = all.rbegin(); made != all.rend(); ++made) {
    const auto at = directory_of(made->first);
    if (!at) return fail(at.error());
    const std::string leaf = made->first.substr(made->first.rfind('/') + 1);
    const bool gone = ::unlinkat(*at, leaf.c_str(), made->second ? AT_REMOVEDIR : 0) == 0;
    ::close(*at);
    if (!gone) return system_error(made->first, "cannot remove");
  }
  links_.clear();
  manifest_.clear();
  remarks_.clear();
  return {};
}

Result<void> Extractor::finish() {
  end_file();
  for (const auto& [path, entry] : links_) {
    const std::string_view tree = std::string_view(path).substr(0, path.find('/'));
    std::string target = entry.target;
    const bool hard = entry.type == EntryType::hardlink;
    if (hard) target = "/" + target;
    if (target.starts_with('/')) target = relative_target(tree, path, target);
    if (!stays_inside(tree, path, target)) {
      remarks_.push_back(fmt::format("{} was not laid out: it points out of the tree ({})", path, entry.target));
      continue;
    }
    const auto directory = directory_of(path);
    if (!directory) {
      not_laid_out(path, directory.error());
      continue;
    }
    const int at = *directory;
    const std::string leaf = path.substr(path.rfind('/') + 1);
    if (::symlinkat(target.c_str(), at, leaf.c_str()) != 0)
      remarks_.push_back(fmt::format("{} was not laid out: {}", path, std::strerror(errno)));
    ::close(at);
  }
  const int at = ::openat(root_, "manifest.jsonl", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (at < 0) return system_error("manifest.jsonl", "cannot write");
  file_ = at;
  ASSAY_TRY(data(as_bytes(manifest_)));
  ::fsync(file_);
  end_file();
  return {};
}

}  // namespace assay::app
