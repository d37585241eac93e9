// Two columns of boxes, grouped by jurisdiction. Each line leaves from a row of its own at the left and arrives at a
// row of its own at the right, where its effect stands in words: so nothing is carried by colour or line style alone.
// Rows are ordered by where the other end lies, which keeps crossings few.
#include "report/world_diagram.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "report/html.h"
#include "report/terminal.h"

namespace assay::report {
namespace {

constexpr int kWidth = 1200, kBox = 330, kGoal = 484, kTop = 150, kRow = 24, kHead = 28, kGap = 10;
constexpr int kLeft = 20, kRight = kWidth - 20 - kGoal;

// Every selector is below .world: the picture may stand inside a page with a sheet of its own.
constexpr char kSheet[] =
    ".world text{font-family:system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif;font-size:13px;fill:var(--ink)}"
    ".world{--paper:#ffffff;--panel:#f6f6f3;--ink:#1a1c1e;--muted:#595d62;--rule:#8b8c86;--line:#dddcd5;"
    "--reach:#31506f;--doubt:#875500}"
    "@media (prefers-color-scheme:dark){.world{--paper:#121416;--panel:#1a1d20;--ink:#e7e9ea;--muted:#a4abb1;"
    "--rule:#7d848a;--line:#33383c;--reach:#a6c3e0;--doubt:#efbc62}}"
    ".world .paper{fill:var(--paper)}.world .box{fill:var(--panel);stroke:var(--line)}"
    ".world .h1{font-size:22px;font-weight:600}.world .h2{font-size:14px;font-weight:600}"
    ".world .m{fill:var(--muted)}.world .s{font-size:12px}.world .e{font-weight:600}"
    ".world .q{fill:var(--doubt);font-weight:600}.world .code{font-size:12px;fill:var(--muted)}"
    ".world .l{fill:none;stroke:var(--reach);stroke-linecap:butt}.world .off{stroke:var(--rule)}"
    ".world .a{fill:var(--reach)}.world .aoff{fill:var(--rule)}.world .rule{stroke:var(--line)}";

// Stroke width and dashes; the same for all of one effect, also in the report.
struct Look {
  std::string_view effect, words, width, dashes;
};
constexpr Look kLooks[] = {{"deemed_compliant", "deemed compliant", "5", ""},
                           {"presumption_of_conformity", "presumption of conformity", "5", "14 3"},
                           {"recognised_as", "recognised as", "2.5", ""},
                           {"simplified_application", "simplified application", "2.5", "9 5"},
                           {"evidence_accepted", "evidence accepted", "2.5", "2 4"},
                           {"evidence_helps", "evidence helps", "1.5", "2 6"},
                           {"none", "no effect", "1", ""}};
const Look& look_of(std::string_view effect) {
  for (const Look& look : kLooks)
    if (look.effect == effect) return look;
  return kLooks[std::size(kLooks) - 1];
}

// What a row of a column says, and where it lies.
struct Row {
  const WorldReach* reach;
  int y = 0;
};
struct Box {
  std::string id, code, title, note;
  bool law = false;
  std::vector<Row> rows;
  int y = 0, height = 0;
};

std::string standard_title(std::string id) {
  if (id.starts_with("en303645:")) return "EN 303 645 V" + id.substr(9);
  if (id.starts_with("iso-29147:")) return "ISO/IEC 29147:" + id.substr(10);
  if (id.starts_with("en18031-")) return "EN 18031-" + id.substr(8);
  return replace_all(std::move(id), "-", " ");
}

class Picture {
 public:
  explicit Picture(const WorldDiagram& world) : world_(world) {
    left_ = column(true);
    right_ = column(false);
    // Each side is ordered by the other, round after round; the round with the fewest crossings is drawn.
    place(left_);
    place(right_);
    std::vector<Box> best_left = left_, best_right = right_;
    std::size_t fewest = crossings();
    for (int round = 0; round < 24 && fewest > 0; ++round) {
      order(round % 2 == 0 ? left_ : right_, round % 2 == 0 ? right_ : left_);
      place(round % 2 == 0 ? left_ : right_);
      if (const std::size_t now = crossings(); now < fewest) {
        fewest = now;
        best_left = left_;
        best_right = right_;
      }
    }
    left_ = std::move(best_left);
    right_ = std::move(best_right);
    const int l = bottom(left_), r = bottom(right_);
    shift(l < r ? left_ : right_, (std::max(l, r) - std::min(l, r)) / 2);
    base_ = std::max(l, r) + 24;
  }

  Html draw() {
    others();
    const int height = base_ + 20;
    h_.add("<svg class=\"world\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", kWidth, " ", height,
           "\" width=\"", kWidth, "\" height=\"", height,
           "\" role=\"img\" aria-labelledby=\"world-title world-desc\">\n<title id=\"world-title\">",
           "Recognition of security marks of consumer connected products on ", world_.at.words(),
           "</title>\n<desc id=\"world-desc\">", describe(), "</desc>\n<style>", Html().sheet(kSheet),
           "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
    text(kLeft, 42, "h1", fmt::format("What a mark is worth elsewhere on {}", world_.at.words()));
    text(kLeft, 64, "m", "A mark at the left gives the product what stands at the right, where its line ends.");
    legend();
    text(kLeft, kTop - 12, "h2", "Mark or standard held");
    text(kRight, kTop - 12, "h2", "What it gives, and where");
    for (const Box& box : left_)
      for (const Row& row : box.rows) line(row);
    for (const Box& box : left_) source(box);
    for (const Box& box : right_) goal(box);
    h_.nest(rest_);
    h_.add("</svg>\n");
    return std::move(h_);
  }

 private:
  const WorldMark* mark(const std::string& id) const {
    for (const WorldMark& m : world_.marks)
      if (m.id == id) return &m;
    return nullptr;
  }
  // Boxes of one side: by jurisdiction, international and standards last.
  std::vector<Box> column(bool from) const {
    std::map<std::pair<std::string, std::string>, Box> boxes;
    for (const WorldReach& reach : world_.reaches) {
      const std::string& id = from ? reach.from : reach.to;
      const WorldMark* m = mark(id);
      const std::string code = m == nullptr ? "" : m->code;
      Box& box = boxes[{m == nullptr ? "~~" : code.empty() ? "~" : code, id}];
      box.id = id;
      box.code = code;
      box.title = m == nullptr ? standard_title(id) : m->title;
      box.law = m != nullptr && m->kind == "law";
      box.note = m == nullptr ? (from ? "standard" : "") : m->kind + ", " + m->standing;
      box.rows.push_back({&reach, 0});
    }
    std::vector<Box> out;
    for (auto& entry : boxes) out.push_back(std::move(entry.second));
    return out;
  }
  static void place(std::vector<Box>& side) {
    int y = kTop;
    for (Box& box : side) {
      box.y = y;
      int row = y + kHead + kRow / 2;
      for (Row& r : box.rows) {
        r.y = row;
        row += kRow;
      }
      box.height = kHead + static_cast<int>(box.rows.size()) * kRow + 6;
      y += box.height + kGap;
    }
  }
  static int bottom(const std::vector<Box>& side) { return side.empty() ? kTop : side.back().y + side.back().height; }
  static void shift(std::vector<Box>& side, int by) {
    for (Box& box : side) {
      box.y += by;
      for (Row& r : box.rows) r.y += by;
    }
  }
  static int y_of(const std::vector<Box>& side, const WorldReach* reach) {
    for (const Box& box : side)
      for (const Row& r : box.rows)
        if (r.reach == reach) return r.y;
    return 0;
  }
  std::size_t crossings() const {
    std::vector<std::pair<int, int>> ends;
    for (const Box& box : left_)
      for (const Row& r : box.rows) ends.emplace_back(r.y, y_of(right_, r.reach));
    std::size_t out = 0;
    for (std::size_t i = 0; i < ends.size(); ++i)
      for (std::size_t j = i + 1; j < ends.size(); ++j) out += ends[j].second < ends[i].second;
    return out;
  }
  // Rows within a box by the other end; boxes of what belongs to no place (standards, bodies) by the mean of theirs.
  static void order(std::vector<Box>& side, const std::vector<Box>& other) {
    for (Box& box : side)
      std::stable_sort(box.rows.begin(), box.rows.end(),
                       [&](const Row& a, const Row& b) { return y_of(other, a.reach) < y_of(other, b.reach); });
    const auto mean = [&](const Box& box) {
      long sum = 0;
      for (const Row& r : box.rows) sum += y_of(other, r.reach);
      return sum / static_cast<long>(box.rows.size());
    };
    std::stable_sort(side.begin(), side.end(), [&](const Box& a, const Box& b) {
      // A jurisdiction stays together: compared by its first box.
      const auto key = [&](const Box& box) {
        long sum = 0, n = 0;
        for (const Box& o : side)
          if (!box.code.empty() ? o.code == box.code : &o == &box) {
            sum += mean(o);
            ++n;
          }
        return sum / std::max(1L, n);
      };
      return key(a) < key(b);
    });
  }

  void text(int x, int y, std::string_view cls, std::string_view words) {
    h_.add("<text x=\"", x, "\" y=\"", y, "\" class=\"", cls, "\">", words, "</text>\n");
  }
  void stroke(std::string_view d, const Look& look, bool live) {
    h_.add("<path class=\"", std::string_view(live ? "l" : "l off"), "\" d=\"", d, "\" stroke-width=\"",
           live ? look.width : std::string_view("1.25"), "\"");
    if (!live)
      h_.add(" stroke-dasharray=\"2 4\"");
    else if (!look.dashes.empty())
      h_.add(" stroke-dasharray=\"", look.dashes, "\"");
    h_.add("/>\n");
  }
  void arrow(int x, int y, bool live) {
    if (live)
      h_.add("<path class=\"a\" d=\"", fmt::format("M{} {}l-13 -7v14z", x, y), "\"/>\n");
    else  // a bar: nothing comes through
      h_.add("<path class=\"aoff\" d=\"", fmt::format("M{} {}h3v14h-3z", x - 6, y - 7), "\"/>\n");
  }
  void legend() {
    int x = kLeft;
    for (const Look& look : kLooks) {
      if (look.effect == "none") continue;
      stroke(fmt::format("M{} 92h44", x), look, true);
      arrow(x + 56, 92, true);
      text(x + 62, 96, "s", look.words);
      x += 74 + static_cast<int>(look.words.size() * 13 / 2);
    }
    stroke(fmt::format("M{} 116h44", kLeft), kLooks[0], false);
    arrow(kLeft + 56, 116, false);
    text(kLeft + 62, 120, "s", "not in effect on this day: not yet, ended, closed, or without effect");
    h_.add("<text x=\"", kLeft + 500,
           "\" y=\"120\" class=\"s\"><tspan class=\"q\">doubtful</tspan> the fact rests on a "
           "weak source: read the text before relying on it</text>\n");
  }
  void box(int x, int width, const Box& b) {
    h_.add("<rect class=\"box\" x=\"", x, "\" y=\"", b.y, "\" width=\"", width, "\" height=\"", b.height,
           "\" rx=\"3\"/>\n<text x=\"", x + 12, "\" y=\"", b.y + 20, "\"><tspan class=\"h2\">",
           b.code.empty() ? std::string() : b.code + "  ", b.title, "</tspan>");
    if (!b.note.empty()) h_.add("<tspan class=\"m s\" dx=\"8\">", b.note, "</tspan>");
    h_.add("</text>\n");
  }
  void source(const Box& b) {
    box(kLeft, kBox, b);
    for (const Row& r : b.rows) {
      const std::string levels = r.reach->from_levels;
      const std::string words = levels == "single" ? (b.law ? "compliance" : "the mark")
                                : levels.empty()   ? "levels not stated"
                                                   : levels;
      h_.add("<text x=\"", kLeft + kBox - 12, "\" y=\"", r.y + 4, "\" text-anchor=\"end\">", shorten(words, 40),
             "</text>\n");
    }
  }
  void goal(const Box& b) {
    box(kRight, kGoal, b);
    for (const Row& r : b.rows) {
      const WorldReach& reach = *r.reach;
      h_.add("<text x=\"", kRight + 14, "\" y=\"", r.y + 4, "\" class=\"", std::string_view(reach.live ? "" : "m"),
             "\"><tspan class=\"", std::string_view(reach.live ? "e" : "e m"), "\">", look_of(reach.effect).words,
             "</tspan>");
      if (!reach.to_level.empty() && reach.to_level != "single") h_.add(" ", reach.to_level);
      std::string days = reach.since.empty() ? "day not known" : "since " + reach.since;
      if (reach.state == "not yet") days = "from " + reach.since;
      if (!reach.until.empty()) days += ", until " + reach.until;
      if (!reach.live && reach.state != "day not known") days += ", " + reach.state;
      h_.add("<tspan class=\"m s\" dx=\"6\">", days, " · ", reach.by, "</tspan>");
      if (reach.doubtful) h_.add("<tspan class=\"q s\" dx=\"6\">doubtful</tspan>");
      h_.add("</text>\n");
    }
  }
  void line(const Row& from) {
    const WorldReach& reach = *from.reach;
    const int to = y_of(right_, &reach);
    const int x0 = kLeft + kBox, x1 = kRight, bend = (x1 - x0) / 2;
    stroke(fmt::format("M{} {}C{} {} {} {} {} {}", x0, from.y, x0 + bend, from.y, x1 - bend, to, x1 - 12, to),
           look_of(reach.effect), reach.live);
    arrow(x1, to, reach.live && reach.effect != "none");
  }
  // Schemes of which no line leaves or arrives, by jurisdiction.
  void others() {
    std::map<std::string, std::vector<const WorldMark*>> by_code;
    for (const WorldMark& m : world_.marks) {
      const bool drawn = std::any_of(world_.reaches.begin(), world_.reaches.end(),
                                     [&](const WorldReach& r) { return r.from == m.id || r.to == m.id; });
      if (!drawn) by_code[m.code.empty() ? "~" : m.code].push_back(&m);
    }
    if (by_code.empty()) return;
    Html h;
    h.add("<text x=\"", kLeft, "\" y=\"", base_ + 14, "\" class=\"h2\">No known route leads from or to these</text>\n");
    int y = base_ + 40;
    for (const auto& [code, marks] : by_code) {
      int x = kLeft + 44;
      h.add("<text x=\"", kLeft, "\" y=\"", y, "\" class=\"code\">", code == "~" ? std::string("int.") : code,
            "</text>\n");
      for (const WorldMark* m : marks) {
        const std::string note = m->kind == "none_found" ? "" : m->standing;
        const int wide = static_cast<int>(columns(m->title) + columns(note)) * 7 + 30;
        if (x + wide > kWidth - 20) {
          x = kLeft + 44;
          y += 22;
        }
        h.add("<text x=\"", x, "\" y=\"", y, "\">", m->title, "<tspan class=\"m s\" dx=\"6\">", note,
              "</tspan></text>\n");
        x += wide;
      }
      y += 24;
    }
    base_ = y;
    rest_ = std::move(h);
  }
  std::string describe() const {
    std::string out;
    for (const WorldReach& r : world_.reaches) {
      if (!r.live) continue;
      const WorldMark *from = mark(r.from), *to = mark(r.to);
      out += fmt::format(
          "{}{}{} gives {} at {}{}{}. ", from ? from->title : standard_title(r.from),
          r.from_levels.empty() || r.from_levels == "single" ? "" : " ", r.from_levels == "single" ? "" : r.from_levels,
          look_of(r.effect).words, to ? to->title : standard_title(r.to),
          r.to_level.empty() || r.to_level == "single" ? "" : " " + r.to_level, r.doubtful ? " (doubtful)" : "");
    }
    return out.empty() ? "No mark gives anything elsewhere on this day." : out;
  }

  const WorldDiagram& world_;
  std::vector<Box> left_, right_;
  int base_ = 0;
  Html h_, rest_;
};

}  // namespace

Html world_picture(const WorldDiagram& world) { return Picture(world).draw(); }
std::string world_svg(const WorldDiagram& world) { return world_picture(world).take(); }

}  // namespace assay::report
