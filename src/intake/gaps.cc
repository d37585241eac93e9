#include "intake/gaps.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::intake {

using std::string;
using std::string_view;

namespace {

constexpr string_view kTodo = "TODO";

bool before(const Gap& a, const Gap& b) {
  return std::pair(a.mark.line, a.mark.column) < std::pair(b.mark.line, b.mark.column);
}

bool is_todo(const Node& node) { return node.is_text() && trim(node.text()) == kTodo; }

void open_up(Node& node, const string& key, const string& entry, SourceFile& file) {
  const Mark mark = node.mark();
  node = Node();
  node.set_mark(mark);
  file.gaps.push_back({mark, key, entry});
}

void take(Node& node, const string& key, string entry, SourceFile& file) {
  if (is_todo(node)) {
    open_up(node, key, entry, file);
  } else if (node.is_mapping()) {
    if (node["id"].is_text() && !is_todo(node["id"])) entry = node["id"].text();
    if (node.has("support")) entry = key;  // a row of the ICS
    for (Node::Member& m : node.members()) take(m.value, m.key, entry, file);
  } else if (node.is_sequence()) {
    const bool todo = std::any_of(node.items().begin(), node.items().end(), is_todo);
    if (todo && key != "entries") {
      open_up(node, key, entry, file);
      return;
    }
    if (todo) {
      file.gaps.push_back({node.mark(), key, entry});
      std::erase_if(node.items(), is_todo);
    }
    for (Node& item : node.items()) take(item, key, entry, file);
  }
}

}  // namespace

bool SourceFile::is_gap(const Node& node) const {
  return node.is_null() && std::binary_search(gaps.begin(), gaps.end(), Gap{node.mark(), {}, {}}, before);
}

void take_gaps(SourceFile& file) {
  take(file.tree, {}, {}, file);
  std::sort(file.gaps.begin(), file.gaps.end(), before);
}

void report_gaps(const Dossier& dossier, Problems& problems) {
  for (const auto& file : dossier.files) {
    if (!file->unconfirmed.empty())
      problems.add(Severity::warning, file->name, fmt::format("not confirmed yet: {}", join(file->unconfirmed, ", ")));
    if (file->gaps.empty()) continue;
    std::vector<string> list;
    for (const Gap& g : file->gaps)
      list.push_back(fmt::format("{}{} (line {})", g.entry.empty() ? "" : g.entry + " ", g.key, g.mark.line));
    problems.add(Severity::warning, file->name, fmt::format("still to be said: {}", join(list, ", ")));
  }
}

}  // namespace assay::intake
