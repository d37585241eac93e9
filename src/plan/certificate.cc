#include "plan/certificate.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::plan {
namespace {

std::string numbers(const std::vector<int>& list) {
  std::string out;
  for (const int i : list) {
    if (!out.empty()) out += ',';
    out += std::to_string(i);
  }
  return out;
}

constexpr std::string_view kFirst = "assay-plan 1";
constexpr std::size_t kLongest = std::size_t{64} << 20;

class Lines {
 public:
  explicit Lines(std::string_view name) : name_(name) {}

  tl::unexpected<Error> bad(std::string what) const {
    return fail(Error{Errc::malformed, std::move(what), fmt::format("{}:{}", name_, line_), {}, {}});
  }
  Result<std::int64_t> number(std::string_view text) const {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
      return bad(fmt::format("'{}' is no whole number", printable(text.substr(0, 40))));
    return value;
  }
  Result<int> index(std::string_view text) const {
    const std::int64_t value = ASSAY_TRY(number(text));
    if (value < 0 || value > 100'000'000) return bad("a number is out of range");
    return static_cast<int>(value);
  }
  Result<std::vector<int>> indices(std::string_view text) const {
    std::vector<int> out;
    for (const std::string_view part : split(text, ',')) {
      out.push_back(ASSAY_TRY(index(part)));
      if (out.size() > kMost) return bad("a list is too long");
    }
    return out;
  }
  Result<void> line(const std::vector<std::string_view>& w, Certificate& out);
  std::size_t line_ = 0;

 private:
  std::string name_;
};

Result<void> Lines::line(const std::vector<std::string_view>& w, Certificate& out) {
  const auto wants = [&](std::size_t least, std::size_t most) -> Result<void> {
    if (w.size() < least || w.size() > most) return bad(fmt::format("'{}' has the wrong number of words", w[0]));
    return {};
  };
  const auto room = [&](std::size_t have) -> Result<void> {
    if (have >= 10 * kMost) return bad("too many lines of this kind");
    return {};
  };
  if (w[0] == "item") {
    ASSAY_TRY(wants(3, 5));
    ASSAY_TRY(room(out.problem.items.size()));
    Item item{std::string(w[1]), ASSAY_TRY(number(w[2])), {}};
    if (w.size() > 3) {
      if (w.size() != 5 || w[3] != "after") return bad("'after' and items were expected");
      item.after = ASSAY_TRY(indices(w[4]));
    }
    out.problem.items.push_back(std::move(item));
  } else if (w[0] == "goal") {
    ASSAY_TRY(wants(2, 3));
    ASSAY_TRY(room(out.problem.goals.size()));
    if (w.size() == 3 && w[2] != "wanted") return bad("'wanted' or nothing was expected");
    out.problem.goals.push_back({std::string(w[1]), w.size() == 3});
  } else if (w[0] == "way") {
    ASSAY_TRY(wants(3, 7));
    ASSAY_TRY(room(out.problem.ways.size()));
    Way way{std::string(w[1]), ASSAY_TRY(index(w[2])), {}, {}};
    std::size_t at = 3;
    if (at + 1 < w.size() && w[at] == "items") {
      way.items = ASSAY_TRY(indices(w[at + 1]));
      at += 2;
    }
    if (at + 1 < w.size() && w[at] == "goals") {
      way.goals = ASSAY_TRY(indices(w[at + 1]));
      at += 2;
    }
    if (at != w.size()) return bad("'items' or 'goals' with numbers was expected");
    out.problem.ways.push_back(std::move(way));
  } else if (w[0] == "take") {
    ASSAY_TRY(wants(2, 2));
    ASSAY_TRY(room(out.best.ways.size()));
    out.best.ways.push_back(ASSAY_TRY(index(w[1])));
  } else if (w[0] == "cost") {
    ASSAY_TRY(wants(2, 2));
    out.best.cost = ASSAY_TRY(number(w[1]));
  } else if (w[0] == "proves") {
    ASSAY_TRY(wants(2, 2));
    out.proves = ASSAY_TRY(number(w[1]));
  } else if (w[0] == "scale") {
    ASSAY_TRY(wants(2, 2));
    out.scale = ASSAY_TRY(number(w[1]));
  } else if (w[0] == "ring") {
    ASSAY_TRY(wants(3, 3));
    ASSAY_TRY(room(out.rings.size()));
    out.rings.push_back({ASSAY_TRY(index(w[1])), ASSAY_TRY(indices(w[2]))});
  } else if (w[0] == "weights") {
    ASSAY_TRY(room(out.weights.size()));
    Weights weights;
    for (std::size_t i = 1; i < w.size(); ++i) {
      const std::size_t colon = w[i].find(':');
      if (colon == std::string_view::npos) return bad("ROW:WEIGHT was expected");
      weights.rows.emplace_back(ASSAY_TRY(index(w[i].substr(0, colon))), ASSAY_TRY(number(w[i].substr(colon + 1))));
    }
    out.weights.push_back(std::move(weights));
  } else if (w[0] == "split" || w[0] == "bound" || w[0] == "never") {
    ASSAY_TRY(wants(2, 2));
    ASSAY_TRY(room(out.tree.size()));
    using enum Step::Kind;
    out.tree.push_back({w[0] == "split" ? split : w[0] == "bound" ? bound : never, ASSAY_TRY(index(w[1]))});
  } else {
    return bad(fmt::format("a line does not begin with '{}'", printable(w[0].substr(0, 40))));
  }
  return {};
}

}  // namespace

std::string write_certificate(const Certificate& c) {
  std::string out(kFirst);
  out += "\n# docs/plan.md says what the lines mean. Numbers count from 0; money is in cents.\n";
  for (const Item& item : c.problem.items) {
    out += fmt::format("item {} {}", item.name, item.cost);
    if (!item.after.empty()) out += " after " + numbers(item.after);
    out += '\n';
  }
  for (const Goal& goal : c.problem.goals) out += fmt::format("goal {}{}\n", goal.name, goal.wanted ? " wanted" : "");
  for (const Way& way : c.problem.ways) {
    out += fmt::format("way {} {}", way.name, way.goal);
    if (!way.items.empty()) out += " items " + numbers(way.items);
    if (!way.goals.empty()) out += " goals " + numbers(way.goals);
    out += '\n';
  }
  out += "# The choice, what it costs, and the least that any choice costs.\n";
  for (const int way : c.best.ways) out += fmt::format("take {}\n", way);
  out += fmt::format("cost {}\nproves {}\n# Why.\nscale {}\n", c.best.cost, c.proves, c.scale);
  for (const Ring& ring : c.rings) out += fmt::format("ring {} {}\n", ring.goal, numbers(ring.goals));
  for (const Weights& weights : c.weights) {
    out += "weights";
    for (const auto& [row, weight] : weights.rows) out += fmt::format(" {}:{}", row, weight);
    out += '\n';
  }
  constexpr std::string_view kSteps[] = {"split", "bound", "never"};
  for (const Step& step : c.tree)
    out += fmt::format("{} {}\n", kSteps[static_cast<std::size_t>(step.kind)], step.number);
  return out + "end\n";
}

Result<Certificate> read_certificate(std::string_view text, std::string_view name) {
  Lines lines(name);
  if (text.size() > kLongest) return lines.bad("is larger than 64 MiB");
  Certificate out;
  bool ended = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    ++lines.line_;
    if (end == std::string_view::npos) return lines.bad("the last line is not whole");
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (lines.line_ == 1) {
      if (line != kFirst) return lines.bad(fmt::format("no certificate: the first line has to be '{}'", kFirst));
      continue;
    }
    if (ended) return lines.bad("something stands behind the end");
    if (line == "end") {
      ended = true;
      continue;
    }
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string_view> w = words(line);
    if (w.empty()) return lines.bad("a line of spaces");
    ASSAY_TRY(lines.line(w, out));
  }
  ++lines.line_;
  if (!ended) return lines.bad("the certificate has no end");
  return out;
}

}  // namespace assay::plan
