#include "passwords/forms.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

constexpr string_view kDateFormats[] = {
    "YYYYMMDD", "YYMMDD", "DDMMYYYY", "DDMMYY", "MMDDYYYY", "MMDDYY", "YYYY-MM-DD",      "DD/MM/YYYY",        "YYYY",
    "YYMM",     "MMYY",   "YYYYMM",   "YYWW",   "MMDD",     "DDMM",   "days since 1970", "seconds since 1970"};

bool all_digits(string_view t) { return !t.empty() && std::all_of(t.begin(), t.end(), is_digit); }

bool is_hex(string_view t) {
  return std::all_of(t.begin(), t.end(),
                     [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

std::optional<string> unhex(string_view t) {
  if (t.size() % 2 || !is_hex(t)) return std::nullopt;
  string out;
  for (std::size_t i = 0; i < t.size(); i += 2)
    out += static_cast<char>(std::stoi(string(t.substr(i, 2)), nullptr, 16));
  return out;
}

// YYYYMMDD of what looks like a date; day before month where both can be, as most of the world writes it.
string date_digits(string_view text) {
  std::vector<int> parts;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t j = i;
    int v = 0;
    while (j < text.size() && is_digit(text[j]) && j - i < 9) v = v * 10 + (text[j++] - '0');
    parts.push_back(v), sizes.push_back(j - i);
    i = j;
  }
  int y = 0, m = 0, d = 0;
  if (parts.size() >= 3 && sizes[0] == 4)
    y = parts[0], m = parts[1], d = parts[2];
  else if (parts.size() >= 3 && sizes[2] == 4) {
    y = parts[2], m = parts[1], d = parts[0];
    if (m > 12) std::swap(m, d);
  } else if (parts.size() == 1 && sizes[0] == 8)
    y = parts[0] / 10000, m = parts[0] / 100 % 100, d = parts[0] % 100;
  else if (parts.size() == 1 && sizes[0] == 6)
    y = 2000 + parts[0] / 10000, m = parts[0] / 100 % 100, d = parts[0] % 100;
  if (y < 1990 || y > 2099) return {};
  const string iso = fmt::format("{:04}-{:02}-{:02}", y, m, d);
  return Date::parse(iso) ? fmt::format("{:04}{:02}{:02}", y, m, d) : string();
}

std::optional<string> dated(string_view digits, unsigned format) {
  if (digits.size() != 8 || !all_digits(digits)) return std::nullopt;
  const auto date = Date::parse(fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2)));
  if (!date) return std::nullopt;
  const int y = date->year, m = date->month, d = date->day;
  switch (format) {
    case 0:
      return string(digits);
    case 1:
      return fmt::format("{:02}{:02}{:02}", y % 100, m, d);
    case 2:
      return fmt::format("{:02}{:02}{:04}", d, m, y);
    case 3:
      return fmt::format("{:02}{:02}{:02}", d, m, y % 100);
    case 4:
      return fmt::format("{:02}{:02}{:04}", m, d, y);
    case 5:
      return fmt::format("{:02}{:02}{:02}", m, d, y % 100);
    case 6:
      return date->iso();
    case 7:
      return fmt::format("{:02}/{:02}/{:04}", d, m, y);
    case 8:
      return fmt::format("{:04}", y);
    case 9:
      return fmt::format("{:02}{:02}", y % 100, m);
    case 10:
      return fmt::format("{:02}{:02}", m, y % 100);
    case 11:
      return fmt::format("{:04}{:02}", y, m);
    case 12: {  // ISO week
      const std::int64_t days = date->days();
      const std::int64_t thursday = days - ((days + 3) % 7 + 7) % 7 + 3;
      const Date t = Date{1970, 1, 1}.plus_days(thursday);
      return fmt::format("{:02}{:02}", t.year % 100, (thursday - Date{t.year, 1, 1}.days()) / 7 + 1);
    }
    case 13:
      return fmt::format("{:02}{:02}", m, d);
    case 14:
      return fmt::format("{:02}{:02}", d, m);
    case 15:
      return fmt::format("{}", date->days());
    case 16:
      return fmt::format("{}", date->days() * 86400);
  }
  return std::nullopt;
}

// Adds to the number at the end of a text, of the base its digits have; keeps the width.
std::optional<string> plus(string text, int by) {
  const bool hexa = text.size() == 12 && is_hex(text);
  const unsigned base = hexa ? 16 : 10;
  std::size_t from = text.size();
  while (from > 0 && (hexa || is_digit(text[from - 1])) && text.size() - from < 15) --from;
  if (from == text.size()) return std::nullopt;
  const string number = text.substr(from);
  const auto value = static_cast<std::int64_t>(std::stoull(number, nullptr, static_cast<int>(base)));
  std::int64_t limit = 1;
  for (std::size_t i = 0; i < number.size(); ++i) limit *= base;
  const std::int64_t next = ((value + by) % limit + limit) % limit;
  const string digits = hexa ? fmt::format("{:0{}x}", next, number.size()) : fmt::format("{:0{}}", next, number.size());
  return text.substr(0, from) + digits;
}

string separated(const string& text, char separator) {
  string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i && i % 2 == 0) out += separator;
    out += text[i];
  }
  return out;
}

std::optional<string> step(const Step& s, string text) {
  const auto n = static_cast<std::size_t>(s.arg);
  switch (s.op) {
    case Op::lower:
      return lower(text);
    case Op::upper:
      for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      return text;
    case Op::reverse:
      return string(text.rbegin(), text.rend());
    case Op::head:
      return text.size() > n ? std::optional(text.substr(0, n)) : std::nullopt;
    case Op::tail:
      return text.size() > n ? std::optional(text.substr(text.size() - n)) : std::nullopt;
    case Op::plus:
      return plus(std::move(text), s.arg);
    case Op::swap_bytes: {
      if (text.size() % 2 || text.size() < 4 || !is_hex(text)) return std::nullopt;
      string out;
      for (std::size_t i = text.size(); i > 0; i -= 2) out += text.substr(i - 2, 2);
      return out;
    }
    case Op::digits:
    case Op::letters:
    case Op::plain: {
      string out;
      for (const char c : text)
        if (s.op == Op::plain ? is_alnum(c) : is_digit(c) == (s.op == Op::digits) && is_alnum(c)) out += c;
      return out.empty() || out == text ? std::nullopt : std::optional(out);
    }
    case Op::no_zeros: {
      const std::size_t at = text.find_first_not_of('0');
      return at == 0 || at == string::npos ? std::nullopt : std::optional(text.substr(at));
    }
    case Op::hex_text: {
      if (text.size() > 24) return std::nullopt;
      return hex(as_bytes(text));
    }
    case Op::colons:
      return text.size() % 2 ? std::nullopt : std::optional(separated(text, ':'));
    case Op::dashes:
      return text.size() % 2 ? std::nullopt : std::optional(separated(text, '-'));
    case Op::raw:
      return unhex(text);
    case Op::decimal:
      if (text.size() > 15 || text.empty() || !is_hex(text)) return std::nullopt;
      return std::to_string(std::stoull(text, nullptr, 16));
    case Op::dated:
      return dated(text, static_cast<unsigned>(s.arg));
  }
  return std::nullopt;
}

// Ways to write what a column holds, each at no cost.
std::vector<std::vector<Step>> writings(Kind kind, bool changed) {
  if (kind == Kind::mac)
    return {{},
            {{Op::upper, 0}},
            {{Op::colons, 0}},
            {{Op::upper, 0}, {Op::colons, 0}},
            {{Op::dashes, 0}},
            {{Op::upper, 0}, {Op::dashes, 0}},
            {{Op::raw, 0}},
            {{Op::decimal, 0}}};
  if (kind == Kind::date && !changed) {
    std::vector<std::vector<Step>> out;
    for (std::int8_t i = 0; i < static_cast<std::int8_t>(std::size(kDateFormats)); ++i) out.push_back({{Op::dated, i}});
    return out;
  }
  return {{}};
}

std::vector<Step> changes(Kind kind, std::size_t longest) {
  std::vector<Step> out;
  if (kind == Kind::date) return {{Op::reverse, 0}};
  if (kind == Kind::mac) {
    for (const int k : {1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8})
      out.push_back({Op::plus, static_cast<std::int8_t>(k)});
    out.push_back({Op::swap_bytes, 0}), out.push_back({Op::reverse, 0});
  } else {
    out = {{Op::upper, 0},   {Op::lower, 0}, {Op::reverse, 0}, {Op::plain, 0},    {Op::digits, 0},
           {Op::letters, 0}, {Op::plus, 1},  {Op::plus, -1},   {Op::no_zeros, 0}, {Op::hex_text, 0}};
  }
  for (std::size_t k = std::min<std::size_t>(longest, 17); k-- > 1;)
    out.push_back({Op::tail, static_cast<std::int8_t>(k)}), out.push_back({Op::head, static_cast<std::int8_t>(k)});
  return out;
}

string_view op_name(Op op) {
  constexpr string_view kNames[] = {"lower",      "upper",  "reverse", "head",    "tail",     "plus",
                                    "swap_bytes", "digits", "letters", "plain",   "no_zeros", "hex_text",
                                    "colons",     "dashes", "raw",     "decimal", "date"};
  return kNames[static_cast<std::size_t>(op)];
}

string column_word(const Batch& batch, std::size_t column) {
  const Column& c = batch.columns[column];
  if (c.kind == Kind::other || batch.find(c.kind) != column) return fmt::format("the column “{}”", c.title);
  return "the " + string(name(c.kind));
}

}  // namespace

string base_of(const Batch& batch, const Unit& unit, std::size_t column) {
  const string& written = unit.identifiers[column];
  if (batch.columns[column].kind == Kind::mac)
    if (string digits = mac_digits(written); !digits.empty()) return digits;
  if (batch.columns[column].kind == Kind::date)
    if (string digits = date_digits(written); !digits.empty()) return digits;
  return written;
}

std::optional<string> apply(const std::vector<Step>& steps, string base) {
  if (base.empty()) return std::nullopt;
  std::optional<string> text = std::move(base);
  for (const Step& s : steps) {
    text = step(s, std::move(*text));
    if (!text || text->empty()) return std::nullopt;
  }
  return text;
}

std::optional<string> apply(const Form& form, const Batch& batch, const Unit& unit) {
  return apply(form.steps, base_of(batch, unit, form.column));
}

string words(const Form& form, const Batch& batch) {
  string out = column_word(batch, form.column);
  for (const Step& s : form.steps) {
    switch (s.op) {
      case Op::lower:
        out += " in small letters";
        break;
      case Op::upper:
        out += " in capitals";
        break;
      case Op::reverse:
        out += " backwards";
        break;
      case Op::head:
        out = fmt::format("the first {} characters of {}", s.arg, out);
        break;
      case Op::tail:
        out = fmt::format("the last {} characters of {}", s.arg, out);
        break;
      case Op::plus:
        out += fmt::format(" {} {}", s.arg < 0 ? "minus" : "plus", std::abs(s.arg));
        break;
      case Op::swap_bytes:
        out += " with its bytes in reverse order";
        break;
      case Op::digits:
        out = "the digits of " + out;
        break;
      case Op::letters:
        out = "the letters of " + out;
        break;
      case Op::plain:
        out += " without separators";
        break;
      case Op::no_zeros:
        out += " without leading zeros";
        break;
      case Op::hex_text:
        out = "the character codes of " + out + " in hexadecimal";
        break;
      case Op::colons:
        out += " with colons";
        break;
      case Op::dashes:
        out += " with dashes";
        break;
      case Op::raw:
        out += " as bytes";
        break;
      case Op::decimal:
        out += " as a decimal number";
        break;
      case Op::dated:
        out += fmt::format(" as {}", kDateFormats[static_cast<std::size_t>(s.arg)]);
        break;
    }
  }
  return out;
}

string expression(const Form& form, const Batch& batch) {
  const Column& c = batch.columns[form.column];
  constexpr string_view kShort[] = {"serial", "mac", "model", "date", "ssid"};
  string out = c.kind == Kind::other || batch.find(c.kind) != form.column ? "column(\"" + c.title + "\")"
                                                                          : string(kShort[static_cast<int>(c.kind)]);
  for (const Step& s : form.steps) {
    const bool has_arg = s.op == Op::head || s.op == Op::tail || s.op == Op::plus;
    out = fmt::format("{}({}{})", op_name(s.op), out,
                      s.op == Op::dated ? fmt::format(",\"{}\"", kDateFormats[static_cast<std::size_t>(s.arg)])
                      : has_arg         ? fmt::format(",{}", s.arg)
                                        : string());
  }
  return out;
}

std::vector<FormValues> forms(const Batch& batch, const std::vector<const Unit*>& probes, unsigned depth) {
  std::vector<FormValues> out;
  std::unordered_set<string> seen;
  struct Chain {
    std::uint16_t column;
    std::vector<Step> steps;
    std::vector<string> values;  // before they are written
  };
  std::vector<Chain> level;
  std::vector<std::size_t> longest(batch.columns.size(), 0);
  for (std::size_t c = 0; c < batch.columns.size(); ++c) {
    Chain chain{static_cast<std::uint16_t>(c), {}, {}};
    for (const Unit* u : probes) {
      chain.values.push_back(base_of(batch, *u, c));
      longest[c] = std::max(longest[c], chain.values.back().size());
    }
    if (std::none_of(chain.values.begin(), chain.values.end(), [](const string& v) { return v.empty(); }))
      level.push_back(std::move(chain));
  }
  const auto emit = [&](const Chain& chain, unsigned at) {
    for (const std::vector<Step>& writing : writings(batch.columns[chain.column].kind, at > 0)) {
      FormValues f{{chain.column, static_cast<std::uint8_t>(at), chain.steps}, {}};
      f.form.steps.insert(f.form.steps.end(), writing.begin(), writing.end());
      string key;
      bool whole = true;
      for (const string& v : chain.values) {
        auto text = writing.empty() ? std::optional(v) : apply(writing, v);
        whole = whole && text;
        if (!whole) break;
        key += *text + '\0';
        f.values.push_back(std::move(*text));
      }
      if (whole && seen.insert(std::move(key)).second) out.push_back(std::move(f));
    }
  };
  for (const Chain& c : level) emit(c, 0);
  std::unordered_set<string> seen_chains;
  for (unsigned at = 1; at <= depth; ++at) {
    std::vector<Chain> next;
    for (const Chain& c : level)
      for (const Step& s : changes(batch.columns[c.column].kind, longest[c.column])) {
        Chain n{c.column, c.steps, {}};
        n.steps.push_back(s);
        string key;
        for (const string& v : c.values) {
          auto text = apply({s}, v);
          if (!text) break;
          key += *text + '\0';
          n.values.push_back(std::move(*text));
        }
        if (n.values.size() != c.values.size() || n.values == c.values) continue;
        if (!seen_chains.insert(std::to_string(c.column) + '/' + key).second) continue;
        emit(n, at);
        next.push_back(std::move(n));
      }
    level = std::move(next);
  }
  return out;
}

}  // namespace assay::passwords
