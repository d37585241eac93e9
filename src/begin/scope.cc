#include "begin/scope.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/text.h"

namespace assay::begin {

using std::string;
using std::string_view;

namespace {

const std::set<string, std::less<>> kScopeEnds = {"in", "excepted", "not_in_scope", "unknown"};
const std::set<string, std::less<>> kRoleEnds = {
    "manufacturer", "importer", "distributor", "supplier", "authorised_representative", "applicant", "none", "unknown"};

bool has(const std::vector<string>& list, string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

const Question* find(const std::vector<Question>& questions, string_view id) {
  for (const Question& q : questions)
    if (q.id == id) return &q;
  return nullptr;
}

Result<Backing> read_backing(const DataFile& file, const Node& node) {
  Backing out;
  out.source = ASSAY_TRY(file.list(node, "source"));
  if (out.source.empty()) return file.bad(node, "a fact needs its 'source'");
  const Node* sources = ASSAY_TRY(data::file("sources.yaml"));
  for (const string& s : out.source)
    if (!(*sources)["sources"].has(s)) return file.bad(node["source"], fmt::format("unknown source '{}'", s));
  out.confidence = ASSAY_TRY(file.word(node, "confidence", kConfidences));
  return out;
}

Result<DatedFact> read_dated(const DataFile& file, const Node& node) {
  DatedFact out;
  if (node.is_null()) return out;
  ASSAY_TRY(file.keys(node, {"date", "note", "source", "confidence"}));
  out.date = ASSAY_TRY(file.date(node, "date"));
  if (!out.date) return file.bad(node, "'date' is wanted");
  out.note = file.maybe(node, "note");
  out.backing = ASSAY_TRY(read_backing(file, node));
  return out;
}

Result<Edge> read_edge(const DataFile& file, const Node& node, const std::set<string, std::less<>>& ends) {
  ASSAY_TRY(file.keys(node, {"go", "end", "because", "source", "confidence"}));
  Edge out;
  if (node.has("go") == node.has("end")) return file.bad(node, "an answer either goes on (go) or ends (end)");
  out.end = node.has("end");
  out.to = ASSAY_TRY(file.text(node, out.end ? "end" : "go"));
  if (out.end && !ends.contains(out.to)) return file.bad(node["end"], fmt::format("no end is called '{}'", out.to));
  out.because = ASSAY_TRY(file.text(node, "because"));
  if (node.has("source") || node.has("confidence")) out.backing = ASSAY_TRY(read_backing(file, node));
  return out;
}

// No way comes back to where it was: depth first, `state` 1 while a node is open, 2 when it is done.
Result<void> no_cycle(const DataFile& file, const Node& list, const Graph& graph, const ScopeNode& node,
                      std::map<string, int>& state) {
  state[node.id] = 1;
  for (const auto& edge : node.edges) {
    if (edge.second.end) continue;
    const ScopeNode* next = graph.node(edge.second.to);
    const auto at = static_cast<std::size_t>(&node - graph.nodes.data());
    if (next == nullptr)
      return file.bad(list.items()[at],
                      fmt::format("'{}' goes on to '{}', which is not there", node.id, edge.second.to));
    if (state[next->id] == 1)
      return file.bad(list.items()[at], fmt::format("the way from '{}' to '{}' comes back", node.id, next->id));
    if (state[next->id] == 0) ASSAY_TRY(no_cycle(file, list, graph, *next, state));
  }
  state[node.id] = 2;
  return {};
}

Result<Graph> read_graph(const DataFile& file, const Node& list, const std::vector<Question>& questions,
                         const std::set<string, std::less<>>& ends) {
  if (!list.is_sequence() || list.items().empty()) return file.bad(list, "a list of nodes is wanted here");
  Graph out;
  for (const Node& node : list.items()) {
    ASSAY_TRY(file.keys(node, {"id", "ask", "cite", "source", "confidence", "from", "answers"}));
    ScopeNode n;
    n.id = ASSAY_TRY(file.text(node, "id"));
    if (out.node(n.id) != nullptr) return file.bad(node["id"], fmt::format("the node '{}' stands here twice", n.id));
    n.ask = ASSAY_TRY(file.text(node, "ask"));
    const Question* q = find(questions, n.ask);
    if (q == nullptr) return file.bad(node["ask"], fmt::format("there is no question '{}'", n.ask));
    n.cite = ASSAY_TRY(file.text(node, "cite"));
    n.backing = ASSAY_TRY(read_backing(file, node));
    n.from = ASSAY_TRY(file.date(node, "from"));
    for (const Node::Member& m : node["answers"].members()) {
      if (!q->has_choice(m.key)) return file.bad(m.value, fmt::format("'{}' has no answer '{}'", q->id, m.key));
      n.edges.emplace_back(m.key, ASSAY_TRY(read_edge(file, m.value, ends)));
    }
    for (const Choice& c : q->choices)
      if (std::none_of(n.edges.begin(), n.edges.end(), [&](const auto& e) { return e.first == c.id; }))
        return file.bad(node, fmt::format("the answer '{}' leads nowhere", c.id));
    if (n.from && q->type != Question::Type::yes_no) return file.bad(node["from"], "only a yes or no has a first day");
    out.nodes.push_back(std::move(n));
  }
  std::map<string, int> state;
  ASSAY_TRY(no_cycle(file, list, out, out.nodes.front(), state));
  for (std::size_t i = 0; i < out.nodes.size(); ++i)
    if (state[out.nodes[i].id] == 0)
      return file.bad(list.items()[i], fmt::format("no way leads to '{}'", out.nodes[i].id));
  return out;
}

Result<Law> read_law(const DataFile& file, const Node& node, const std::vector<Question>& questions) {
  ASSAY_TRY(file.keys(node, {"id", "title", "market", "scheme", "level", "levels", "force", "from", "until", "nodes",
                             "roles", "duties"}));
  Law out;
  out.file = file.name();
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.title = ASSAY_TRY(file.text(node, "title"));
  out.market = ASSAY_TRY(file.text(node, "market"));
  out.scheme = ASSAY_TRY(file.text(node, "scheme"));
  out.level = file.maybe(node, "level");
  static constexpr std::array<std::pair<string_view, bool>, 2> kForce = {{{"law", false}, {"voluntary", true}}};
  out.voluntary = ASSAY_TRY(file.word(node, "force", kForce));
  out.from = ASSAY_TRY(read_dated(file, node["from"]));
  out.until = ASSAY_TRY(read_dated(file, node["until"]));
  for (const Node& l : node["levels"].items()) {
    ASSAY_TRY(file.keys(l, {"level", "categories", "note", "source", "confidence"}));
    out.levels.push_back({ASSAY_TRY(file.text(l, "level")), file.maybe(l, "note"),
                          ASSAY_TRY(file.list(l, "categories")), ASSAY_TRY(read_backing(file, l))});
  }
  out.scope = ASSAY_TRY(read_graph(file, node["nodes"], questions, kScopeEnds));
  out.roles = ASSAY_TRY(read_graph(file, node["roles"], questions, kRoleEnds));
  for (const Node& d : node["duties"].items()) {
    ASSAY_TRY(file.keys(d, {"id", "roles", "text", "cite", "from", "source", "confidence"}));
    Duty duty{ASSAY_TRY(file.text(d, "id")),    ASSAY_TRY(file.text(d, "text")), ASSAY_TRY(file.text(d, "cite")),
              ASSAY_TRY(file.list(d, "roles")), ASSAY_TRY(file.date(d, "from")), ASSAY_TRY(read_backing(file, d))};
    if (duty.roles.empty()) return file.bad(d, "a duty is somebody's: 'roles'");
    for (const string& role : duty.roles)
      if (std::none_of(out.roles.nodes.begin(), out.roles.nodes.end(), [&](const ScopeNode& n) {
            return std::any_of(n.edges.begin(), n.edges.end(),
                               [&](const auto& e) { return e.second.end && e.second.to == role; });
          }))
        return file.bad(d["roles"], fmt::format("nobody gets the role '{}' here", role));
    out.duties.push_back(std::move(duty));
  }
  return out;
}

Result<ScopeData> load() {
  ScopeData out;
  {
    const DataFile file("scope/questions.yaml");
    const Node* tree = ASSAY_TRY(data::file(file.name()));
    ASSAY_TRY(file.keys(*tree, {"questions"}));
    out.questions = ASSAY_TRY(read_questions(file, (*tree)["questions"]));
    const Node* categories = ASSAY_TRY(data::file("categories.yaml"));
    std::set<string> known;
    for (const Node& c : (*categories)["categories"].items()) known.insert(c["id"].text());
    for (std::size_t i = 0; i < out.questions.size(); ++i)
      for (const string& c : out.questions[i].only_for)
        if (!known.contains(c))
          return file.bad((*tree)["questions"].items()[i]["only_for"], fmt::format("'{}' is no category", c));
  }
  for (const string& name : data::list("scope/")) {
    if (name == "scope/questions.yaml") continue;
    const DataFile file(name);
    const Node* tree = ASSAY_TRY(data::file(name));
    for (Law& law : ASSAY_TRY(read_laws(file, *tree, out.questions))) {
      if (std::any_of(out.laws.begin(), out.laws.end(), [&](const Law& l) { return l.id == law.id; }))
        return file.bad(*tree, fmt::format("the law '{}' is there already", law.id));
      out.laws.push_back(std::move(law));
    }
  }
  const DataFile file("scope/questions.yaml");
  const Node* tree = ASSAY_TRY(data::file(file.name()));
  for (std::size_t i = 0; i < out.questions.size(); ++i) {
    for (const Question::Follows& f : out.questions[i].follows)
      if (const Question* q = out.question(f.question); q == nullptr || !q->has_choice(f.given))
        return file.bad((*tree)["questions"].items()[i]["follows"],
                        fmt::format("there is no answer '{}' to '{}'", f.given, f.question));
    const auto asks = [&](const Graph& g) {
      return std::any_of(g.nodes.begin(), g.nodes.end(),
                         [&](const ScopeNode& n) { return n.ask == out.questions[i].id; });
    };
    if (std::none_of(out.laws.begin(), out.laws.end(), [&](const Law& l) { return asks(l.scope) || asks(l.roles); }))
      return file.bad((*tree)["questions"].items()[i],
                      fmt::format("no law asks the question '{}'", out.questions[i].id));
  }
  return out;
}

Confidence lower_of(Confidence a, Confidence b) { return std::min(a, b); }

// What can follow from a node on, and which question would be the next.
struct Ahead {
  std::set<string> ends;
  string next;
  std::vector<string> open;
};

class Walker {
 public:
  Walker(const Graph& graph, const ScopeData& data, const Answers& answers, Date at)
      : graph_(graph), data_(data), answers_(answers), at_(at), category_(answer(answers, "category")) {}

  // The answer at a node, with how it came about; empty: nobody was asked yet.
  string answer_at(const ScopeNode& node, string* how) const {
    if (node.from && at_ < node.from->first) {
      *how = "does not matter before " + node.from->first.words();
      return "no";
    }
    const Question& q = *data_.question(node.ask);
    const string given(answer(answers_, node.ask));
    for (const Question::Follows& f : q.follows)
      if (given.empty() && answer(answers_, f.question) == f.given) {
        *how = "follows from another answer";
        return f.answer;
      }
    if (given.empty() && !q.only_for.empty() && !category_.empty() && category_ != kUnknown &&
        !has(q.only_for, category_)) {
      *how = "not asked of this category";
      return "no";
    }
    for (const Choice& c : q.choices)
      if (c.id == given) *how = c.title;
    return given;
  }

  const Edge* edge(const ScopeNode& node, string_view given) const {
    for (const auto& e : node.edges)
      if (e.first == given) return &e.second;
    return nullptr;
  }

  const Ahead& ahead(const ScopeNode& node) {
    const auto known = ahead_.find(node.id);
    if (known != ahead_.end()) return known->second;
    Ahead out;
    string how;
    const string given = answer_at(node, &how);
    if (given.empty()) {
      out.next = node.ask;
    } else {
      const bool not_known = given == kUnknown;
      if (not_known) out.open.push_back(node.ask);
      for (const auto& e : node.edges) {
        if (!not_known && e.first != given) continue;
        if (e.second.end) {
          out.ends.insert(e.second.to);
          continue;
        }
        const Ahead& then = ahead(*graph_.node(e.second.to));
        out.ends.insert(then.ends.begin(), then.ends.end());
        if (out.next.empty()) out.next = then.next;
        for (const string& o : then.open)
          if (!has(out.open, o)) out.open.push_back(o);
      }
    }
    return ahead_.emplace(node.id, std::move(out)).first->second;
  }

 private:
  const Graph& graph_;
  const ScopeData& data_;
  const Answers& answers_;
  Date at_;
  string category_;
  std::map<string, Ahead> ahead_;
};

}  // namespace

const ScopeNode* Graph::node(string_view id) const {
  for (const ScopeNode& n : nodes)
    if (n.id == id) return &n;
  return nullptr;
}

const Question* ScopeData::question(string_view id) const { return find(questions, id); }

Result<std::vector<Law>> read_laws(const DataFile& file, const Node& tree, const std::vector<Question>& questions) {
  ASSAY_TRY(file.keys(tree, {"laws"}));
  if (!tree["laws"].is_sequence()) return file.bad(tree, "'laws' has to be a list");
  std::vector<Law> out;
  for (const Node& node : tree["laws"].items()) out.push_back(ASSAY_TRY(read_law(file, node, questions)));
  return out;
}

Result<const ScopeData*> scope_data() {
  static const Result<ScopeData> data = load();
  if (!data) return fail(data.error());
  return &*data;
}

Walk walk(const Graph& graph, const ScopeData& data, const Answers& answers, Date at) {
  Walk out;
  Walker walker(graph, data, answers, at);
  const ScopeNode* node = &graph.nodes.front();
  const Ahead& all = walker.ahead(*node);
  out.next = all.next;
  out.open = all.open;
  while (node != nullptr) {
    string how;
    const string given = walker.answer_at(*node, &how);
    const string& ask = data.question(node->ask)->ask;
    const Edge* edge = walker.edge(*node, given);
    if (edge == nullptr) {
      if (given == kUnknown) out.reasons.push_back({ask, "not known", {}, node->cite, node->backing});
      break;
    }
    const Backing& backing = edge->backing ? *edge->backing : node->backing;
    out.confidence = lower_of(out.confidence, backing.confidence);
    out.reasons.push_back({ask, how, edge->because, node->cite, backing});
    if (edge->end) out.end = edge->to;
    node = edge->end ? nullptr : graph.node(edge->to);
  }
  // An answer is missing on the way: only where every way ends in `in` does it not matter.
  if (out.end.empty()) out.end = out.next.empty() && all.ends == std::set<string>{"in"} ? "in" : "unknown";
  return out;
}

std::vector<ScopeResult> scope_of(const ScopeData& data, const Answers& answers, const std::vector<string>& markets,
                                  Date at) {
  std::vector<ScopeResult> out;
  for (const Law& law : data.laws) {
    if (!markets.empty() && !has(markets, law.market)) continue;
    ScopeResult r;
    r.law = &law;
    r.scope = walk(law.scope, data, answers, at);
    r.level = law.level;
    if (r.scope.end == "in" || r.scope.end == "unknown") {
      r.role = walk(law.roles, data, answers, at);
      for (const Duty& d : law.duties)
        if (has(d.roles, r.role.end)) r.duties.push_back(&d);
      for (const LevelFor& l : law.levels)
        if (has(l.categories, answer(answers, "category"))) {
          r.level = l.level;
          r.notes.push_back(
              fmt::format("level {}: {} ({} confidence)", l.level, l.note, assay::name(l.backing.confidence)));
        }
      if (law.from.date && at < law.from.date->first)
        r.notes.push_back(fmt::format("applies from {}{}", law.from.date->first.words(),
                                      law.from.note.empty() ? "" : "; " + law.from.note));
      if (law.until.date)
        r.notes.push_back(at > law.until.date->last ? fmt::format("no longer applies since {}", law.until.date->text)
                                                    : law.until.note);
      if (law.voluntary) r.notes.push_back("voluntary");
    }
    out.push_back(std::move(r));
  }
  return out;
}

const Question* next_scope_question(const ScopeData& data, const Answers& answers, const std::vector<string>& markets,
                                    Date at, string* law) {
  for (const bool roles : {false, true})
    for (const Law& l : data.laws) {
      if (!markets.empty() && !has(markets, l.market)) continue;
      const Walk scope = walk(l.scope, data, answers, at);
      if (roles && scope.end != "in" && scope.end != "unknown") continue;
      const Walk w = roles ? walk(l.roles, data, answers, at) : scope;
      if (w.next.empty()) continue;
      if (law != nullptr) *law = l.title;
      return data.question(w.next);
    }
  return nullptr;
}

}  // namespace assay::begin
