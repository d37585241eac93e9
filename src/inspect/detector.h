// Detector: looks at files, or at a whole tree once it is complete, and writes facts. One file in detectors/, one line
// in detectors.cc. A detector that is only strings is data in data/components/.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/fact.h"
#include "model/sink.h"

namespace assay::inspect {

// What the first bytes say a file is; found once a file, before the detectors. archive: anything that holds files,
// images of file systems and firmware included; image: a picture.
enum class FileKind : std::uint8_t { empty, elf, script, text, certificate, key, archive, image, data };
std::string_view name(FileKind kind);

// One regular file while its bytes are in memory.
struct FileView {
  std::string_view tree;  // place of the tree: "tp-link > squashfs"
  std::string_view path;  // "etc/shadow"
  const Entry& entry;
  FileKind kind;
  Bytes content;
  std::string place() const { return std::string(tree) + " > /" + std::string(path); }
};

// A whole recovered tree. Contents are kept of what a system is configured with: see keep() in inspect.cc (etc,
// scripts, lists of packages, keys; at most 1 MiB a file and 64 MiB a tree; what was not kept for size leaves an
// `unexamined` row).
struct TreeFile {
  Entry entry;
  FileKind kind = FileKind::data;
  std::string content;  // where kept
  bool kept = false;
  std::string sha256;  // hex
};
class Tree {
 public:
  std::string place;                                   // "tp-link > squashfs"
  std::map<std::string, TreeFile, std::less<>> files;  // by path, every type of entry

  const TreeFile* find(std::string_view path) const;  // exactly that path, no links followed
  // Follows symbolic links inside the tree (at most 16), absolute ones from the tree's root. Null where it leads
  // nowhere.
  const TreeFile* resolve(std::string_view path, std::string* where = nullptr) const;
  // Paths below `directory` (no slash at its end), in order.
  std::vector<const TreeFile*> below(std::string_view directory) const;
  std::string place_of(std::string_view path) const { return place + " > /" + std::string(path); }
};

// Where a detector leaves what it found. One object a call; the caller merges them in a fixed order.
class Facts {
 public:
  Fact& add(std::string_view table, std::string place) {
    facts.push_back({});
    facts.back().table = std::string(table);
    facts.back().place = std::move(place);
    return facts.back();
  }
  void not_examined(std::string place, std::string_view table, std::string reason) {
    unexamined.push_back({std::move(place), std::string(table), {}, std::move(reason)});
  }
  std::vector<Fact> facts;
  std::vector<Unexamined> unexamined;
};

struct Detector {
  std::string_view name;                     // "accounts"
  unsigned version = 1;                      // raised when what it finds changes; facts carry "accounts/1"
  std::string_view title;                    // what it looks for, for people
  std::span<const std::string_view> tables;  // which tables it writes: its planned looks
  // Each regular file, from any thread; must not keep views. Null: not interested.
  void (*file)(const FileView& file, Facts& out) = nullptr;
  // Each complete tree, after its files. Null: not interested.
  void (*tree)(const Tree& tree, Facts& out) = nullptr;
  // A part that is no tree: a kernel, a boot loader, an unknown stretch. Null: not interested.
  void (*part)(std::string_view place, Bytes content, Facts& out) = nullptr;
};

std::span<const Detector* const> detectors();  // sorted by name

FileKind file_kind(std::string_view path, Bytes content);
// Whether the tree detectors want this file's content, whatever its length; what is wanted and not kept leaves an
// `unexamined` row.
bool wanted(std::string_view path, FileKind kind);
// Whether the tree keeps it: wanted, and at most 1 MiB long (lists of packages: 16 MiB).
bool keep(std::string_view path, FileKind kind, Bytes content);

}  // namespace assay::inspect
