#include "inspect/patterns.h"

#include <hs/hs.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>

#include "base/data.h"
#include "base/text.h"

namespace assay::inspect {
namespace {

// Versions stand near the name; a window this large holds every expression that we write.
constexpr std::uint64_t kBefore = 128;
constexpr std::uint64_t kAfter = 192;
// A literal that comes this often in one content without its expression matching is not looked at further.
constexpr unsigned kTries = 2000;
constexpr std::size_t kShortest = 4;                   // of literals
constexpr std::size_t kWhole = std::size_t{64} << 20;  // as far as an expression without a literal goes

struct Expression {
  std::size_t component = 0;
  std::string text;
  std::string literal;  // empty: the expression itself goes over files that `file` names
  std::unique_ptr<RE2> re;
  std::string with;           // another literal that has to stand somewhere in the same content
  std::unique_ptr<RE2> file;  // where the file's name has to match; null: anywhere
  std::size_t with_id = SIZE_MAX;
};
struct NameExpression {
  std::size_t component = 0;
  std::unique_ptr<RE2> re;
};

std::unique_ptr<RE2> compile(const std::string& text) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  return std::make_unique<RE2>(text, options);
}

struct Scratch {
  hs_scratch_t* scratch = nullptr;
  ~Scratch() {
    if (scratch) hs_free_scratch(scratch);
  }
};

Error wrong(const Node& node, std::string_view component, std::string what) {
  return Error{Errc::invalid,
               "component " + std::string(component) + ": " + std::move(what),
               "line " + std::to_string(node.mark().line),
               {},
               {}};
}

}  // namespace

std::string literal_of(std::string_view e) {
  std::string best, run;
  const auto end_run = [&] {
    if (run.size() > best.size()) best = run;
    run.clear();
  };
  for (std::size_t i = 0; i < e.size();) {
    const char c = e[i];
    std::optional<char> plain;
    std::size_t next = i + 1;
    if (c == '\\' && i + 1 < e.size()) {
      const char escaped = e[i + 1];
      next = i + 2;
      if (escaped == 'n')
        plain = '\n';
      else if (escaped == 't')
        plain = '\t';
      else if (escaped == 'x' && i + 3 < e.size()) {
        const auto digit = [](char d) { return is_digit(d) ? d - '0' : (d | 0x20) - 'a' + 10; };
        plain = static_cast<char>(digit(e[i + 2]) * 16 + digit(e[i + 3]));
        next = i + 4;
      } else if (!is_alnum(escaped))
        plain = escaped;
    } else if (c == '[') {
      next = i + 1 + (i + 1 < e.size() && e[i + 1] == '^' ? 1 : 0);
      if (next < e.size() && e[next] == ']') ++next;
      while (next < e.size() && e[next] != ']') next += e[next] == '\\' ? 2 : 1;
      ++next;
    } else if (c == '(') {
      int depth = 1;
      bool in_class = false;
      while (next < e.size() && depth > 0) {
        if (e[next] == '\\')
          ++next;
        else if (e[next] == '[')
          in_class = true;
        else if (e[next] == ']')
          in_class = false;
        else if (!in_class && e[next] == '(')
          ++depth;
        else if (!in_class && e[next] == ')')
          --depth;
        ++next;
      }
    } else if (c == '|') {
      return {};  // no run is in every match
    } else if (std::string_view(".*+?{^$").find(c) == std::string_view::npos) {
      plain = c;
    }
    if (c == '{') {
      while (next < e.size() && e[next - 1] != '}') ++next;
    }
    const bool repeated = next < e.size() && std::string_view("*?{+").find(e[next]) != std::string_view::npos;
    if (plain && !repeated)
      run += *plain;
    else
      end_run();
    i = next;
  }
  end_run();
  return best;
}

std::string purl_of(const Component& component, std::string_view version) {
  return replace_all(component.purl, "{version}", replace_all(std::string(version), "+", "%2B"));
}

std::string cpe_of(const Component& component, std::string_view version) {
  if (component.cpe.empty()) return {};
  std::string number(version), update = "-";
  if (component.cpe.find("{update}") != std::string::npos)
    if (const std::size_t p = number.rfind('p'); p != std::string::npos && p > 0 && is_digit(number[p - 1])) {
      update = number.substr(p);
      number.resize(p);
    }
  std::string quoted;  // NISTIR 7695 section 6.2: all but letters, digits, "_", "-" and "." is escaped
  for (const char c : number) {
    if (!is_alnum(c) && c != '.' && c != '_' && c != '-') quoted += '\\';
    quoted += c;
  }
  return replace_all(replace_all(component.cpe, "{version}", quoted), "{update}", update);
}

struct Patterns::State {
  std::vector<Component> components;
  std::vector<Expression> expressions;
  std::vector<NameExpression> names;
  std::vector<std::string> withs;
  hs_database_t* database = nullptr;
  ~State() {
    if (database) hs_free_database(database);
  }

  Result<void> add(const Node& node);
  Result<void> build();
};

Result<void> Patterns::State::add(const Node& node) {
  Component c;
  c.name = node["name"].text();
  if (c.name.empty()) return fail(wrong(node, "?", "has no name"));
  c.supplier = node["supplier"].text();
  c.purl = node.has("purl") ? node["purl"].text() : "pkg:generic/" + c.name + "@{version}";
  c.cpe = node["cpe"].text();
  if (!c.cpe.empty() && !c.cpe.starts_with("cpe:")) c.cpe = "cpe:2.3:a:" + c.cpe + ":{version}:*:*:*:*:*:*:*";
  const std::size_t index = components.size();
  for (const Node& item : node["patterns"].items()) {
    if (item.has("name")) {
      NameExpression n{index, compile(item["name"].text())};
      if (!n.re->ok() || n.re->NumberOfCapturingGroups() != 1)
        return fail(wrong(item, c.name, "`name` is no expression with one group for the version"));
      names.push_back(std::move(n));
      continue;
    }
    Expression e;
    e.component = index;
    e.text = item["find"].text();
    e.re = compile(e.text);
    if (!e.re->ok() || e.re->NumberOfCapturingGroups() != 1)
      return fail(wrong(item, c.name, "`find` is no expression with one group for the version: " + e.text));
    e.literal = literal_of(e.text);
    if (item.has("file")) {
      e.file = compile(item["file"].text());
      if (!e.file->ok()) return fail(wrong(item, c.name, "`file` is no expression: " + item["file"].text()));
    }
    if (e.literal.size() < kShortest) {
      if (!e.file)
        return fail(
            wrong(item, c.name,
                  "`find` holds no run of four plain characters to search for, and there is no `file`: " + e.text));
      e.literal.clear();
    }
    e.with = item["with"].text();
    if (item.has("with") && e.with.size() < kShortest)
      return fail(wrong(item, c.name, "`with` is shorter than four characters"));
    expressions.push_back(std::move(e));
  }
  components.push_back(std::move(c));
  return {};
}

Result<void> Patterns::State::build() {
  for (Expression& e : expressions) {
    if (e.with.empty()) continue;
    const auto at = std::find(withs.begin(), withs.end(), e.with);
    e.with_id = static_cast<std::size_t>(at - withs.begin());
    if (at == withs.end()) withs.push_back(e.with);
  }
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags, ids;
  const auto put = [&](const std::string& literal, unsigned flag, std::size_t id) {
    ids.push_back(static_cast<unsigned>(id));
    texts.push_back(literal.data());
    sizes.push_back(literal.size());
    flags.push_back(flag);
  };
  for (std::size_t i = 0; i < expressions.size(); ++i)
    if (!expressions[i].literal.empty()) put(expressions[i].literal, 0, i);
  for (std::size_t i = 0; i < withs.size(); ++i) put(withs[i], HS_FLAG_SINGLEMATCH, expressions.size() + i);
  if (texts.empty()) return fail(Errc::not_found, "there are no component patterns");
  const hs_platform_info_t generic{};  // the same database, and the same speed, on every CPU
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(texts.size()),
                           HS_MODE_BLOCK, &generic, &database, &error) != HS_SUCCESS) {
    std::string what = error && error->message ? error->message : "no reason given";
    if (error) hs_free_compile_error(error);
    return fail(Errc::internal, "component patterns do not compile: " + what);
  }
  return {};
}

Patterns::Patterns(std::unique_ptr<State> state) : state_(std::move(state)) {}
Patterns::Patterns(Patterns&&) noexcept = default;
Patterns& Patterns::operator=(Patterns&&) noexcept = default;
Patterns::~Patterns() = default;

Result<Patterns> Patterns::make(const std::vector<const Node*>& files) {
  auto state = std::make_unique<State>();
  for (const Node* file : files)
    for (const Node& component : (*file)["components"].items()) ASSAY_TRY(state->add(component));
  ASSAY_TRY(state->build());
  return Patterns(std::move(state));
}

const Result<Patterns>& Patterns::shared() {
  static const Result<Patterns> patterns = []() -> Result<Patterns> {
    std::vector<const Node*> files;
    for (const std::string& name : data::list("components/")) files.push_back(ASSAY_TRY_CTX(data::file(name), name));
    return make(files);
  }();
  return patterns;
}

std::size_t Patterns::components() const { return state_->components.size(); }
std::size_t Patterns::expressions() const { return state_->expressions.size() + state_->names.size(); }

Result<std::vector<ComponentHit>> Patterns::scan(std::string_view file_name, Bytes content) const {
  static thread_local Scratch scratch;  // grows to the largest database that this thread has used
  if (hs_alloc_scratch(state_->database, &scratch.scratch) != HS_SUCCESS)
    return fail(Errc::limit, "no memory to search for components");
  struct Found {
    const State& state;
    Bytes content;
    std::string_view file_name;
    std::vector<unsigned> tries;
    std::vector<std::pair<std::size_t, ComponentHit>> hits;  // expression, hit
    std::vector<bool> with;
  } found{*state_,   content,
          file_name, std::vector<unsigned>(state_->expressions.size()),
          {},        std::vector<bool>(state_->withs.size())};

  const auto on_match = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) -> int {
    Found& f = *static_cast<Found*>(context);
    if (id >= f.state.expressions.size()) {
      f.with[id - f.state.expressions.size()] = true;
      return 0;
    }
    const Expression& e = f.state.expressions[id];
    if (f.tries[id]++ > kTries) return 0;
    if (e.file && f.tries[id] == 1 &&
        !RE2::FullMatch(re2::StringPiece(f.file_name.data(), f.file_name.size()), *e.file)) {
      f.tries[id] = kTries + 1;
      return 0;
    }
    const std::uint64_t from = to - e.literal.size();
    const std::uint64_t start = from > kBefore ? from - kBefore : 0;
    const std::string_view window = as_text(clip(f.content, start, from - start + e.literal.size() + kAfter));
    const re2::StringPiece text(window.data(), window.size());
    std::size_t at = 0;
    re2::StringPiece match[2];
    while (e.re->Match(text, at, text.size(), RE2::UNANCHORED, match, 2)) {
      const auto begin = static_cast<std::size_t>(match[0].data() - text.data());
      if (begin > from - start) return 0;
      if (begin + match[0].size() >= to - start) break;
      at = begin + 1;
    }
    if (match[0].data() == nullptr ||
        static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size() < to - start)
      return 0;
    std::string_view version(match[1].data(), match[1].size());
    while (!version.empty() && !is_alnum(version.back())) version.remove_suffix(1);
    if (version.empty()) return 0;
    f.hits.push_back({id,
                      {&f.state.components[e.component], std::string(version),
                       start + static_cast<std::uint64_t>(match[0].data() - text.data()), match[0].size(), false}});
    return f.hits.size() > 4096 ? 1 : 0;
  };
  // Hyperscan's lengths are 32 bits; larger contents go in pieces that overlap by more than any window.
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 30;
  for (std::uint64_t at = 0; at < content.size(); at += kPiece) {
    found.content = clip(content, at, kPiece + 4096);
    const std::size_t before = found.hits.size();
    const hs_error_t done = hs_scan(state_->database, reinterpret_cast<const char*>(found.content.data()),
                                    static_cast<unsigned>(found.content.size()), 0, scratch.scratch, on_match, &found);
    if (done != HS_SUCCESS && done != HS_SCAN_TERMINATED)
      return fail(Errc::internal, "the search for components failed");
    for (std::size_t i = before; i < found.hits.size(); ++i) found.hits[i].second.at += at;
  }

  const re2::StringPiece all(reinterpret_cast<const char*>(content.data()),
                             std::min<std::size_t>(content.size(), kWhole));
  for (std::size_t i = 0; i < state_->expressions.size() && !file_name.empty(); ++i) {
    const Expression& e = state_->expressions[i];
    if (!e.literal.empty() || !RE2::FullMatch(re2::StringPiece(file_name.data(), file_name.size()), *e.file)) continue;
    re2::StringPiece match[2];
    if (!e.re->Match(all, 0, all.size(), RE2::UNANCHORED, match, 2)) continue;
    found.hits.push_back({i,
                          {&state_->components[e.component], std::string(match[1].data(), match[1].size()),
                           static_cast<std::uint64_t>(match[0].data() - all.data()), match[0].size(), false}});
  }

  std::vector<ComponentHit> out;
  for (const NameExpression& n : state_->names) {
    std::string version;
    if (!file_name.empty() && RE2::FullMatch(re2::StringPiece(file_name.data(), file_name.size()), *n.re, &version))
      out.push_back({&state_->components[n.component], version, 0, 0, true});
  }
  std::stable_sort(found.hits.begin(), found.hits.end(),
                   [](const auto& a, const auto& b) { return a.second.at < b.second.at; });
  for (auto& [expression, hit] : found.hits) {
    const std::size_t with = state_->expressions[expression].with_id;
    if (with != SIZE_MAX && !found.with[with]) continue;
    const bool known = std::any_of(out.begin(), out.end(), [&h = hit](const ComponentHit& o) {
      return o.component == h.component && o.version == h.version && !o.from_name;
    });
    if (known) continue;
    // What the bytes say is worth more than what the name says, where both say the same.
    std::erase_if(out, [&h = hit](const ComponentHit& o) { return o.from_name && o.component == h.component; });
    out.push_back(std::move(hit));
  }
  // OpenSSH_8.0 on the wire and OpenSSH_8.0p1 in the help are one: the longer says more.
  std::vector<ComponentHit> longest;
  for (const ComponentHit& shorter : out) {
    const bool said = std::any_of(out.begin(), out.end(), [&shorter](const ComponentHit& o) {
      return o.component == shorter.component && o.version.size() > shorter.version.size() &&
             o.version.starts_with(shorter.version) && !is_digit(o.version[shorter.version.size()]) &&
             o.version[shorter.version.size()] != '.';
    });
    if (!said) longest.push_back(shorter);
  }
  return longest;
}

}  // namespace assay::inspect
