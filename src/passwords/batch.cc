#include "passwords/batch.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

// Titles of columns, letters and digits only, in lower case. The first word that a title equals counts; a title that is
// in none of the lists is an identifier of its own.
constexpr string_view kPasswords[] = {"pw",
                                      "password",
                                      "passwd",
                                      "pwd",
                                      "pass",
                                      "presetpassword",
                                      "defaultpassword",
                                      "initialpassword",
                                      "adminpassword",
                                      "wifipassword",
                                      "wlanpassword",
                                      "devicepassword",
                                      "loginpassword",
                                      "userpassword",
                                      "passphrase",
                                      "wifikey",
                                      "wlankey",
                                      "wpakey",
                                      "wpa2key",
                                      "wpapsk",
                                      "wpa2psk",
                                      "psk",
                                      "networkkey",
                                      "securitykey",
                                      "wepkey",
                                      "key",
                                      "pin",
                                      "pincode",
                                      "wpspin",
                                      "accesscode",
                                      "code",
                                      "secret",
                                      "adminpass",
                                      "wifipass",
                                      "wirelesskey",
                                      "adminpin",
                                      "passcode",
                                      "webpassword",
                                      "telnetpassword",
                                      "rootpassword",
                                      "wpa",
                                      "wpa2",
                                      "kennwort",
                                      "passwort",
                                      "wlanschluessel"};
constexpr std::pair<Kind, string_view> kTitles[] = {{Kind::serial, "serial"},
                                                    {Kind::serial, "serialnumber"},
                                                    {Kind::serial, "serialno"},
                                                    {Kind::serial, "sn"},
                                                    {Kind::serial, "serialnr"},
                                                    {Kind::serial, "seriennummer"},
                                                    {Kind::serial, "unitserial"},
                                                    {Kind::serial, "deviceserial"},
                                                    {Kind::serial, "gsn"},
                                                    {Kind::mac, "mac"},
                                                    {Kind::mac, "macaddress"},
                                                    {Kind::mac, "macaddr"},
                                                    {Kind::mac, "bssid"},
                                                    {Kind::mac, "ethaddr"},
                                                    {Kind::mac, "wanmac"},
                                                    {Kind::mac, "lanmac"},
                                                    {Kind::mac, "wifimac"},
                                                    {Kind::mac, "wlanmac"},
                                                    {Kind::mac, "hwaddr"},
                                                    {Kind::mac, "ethernetmac"},
                                                    {Kind::mac, "macid"},
                                                    {Kind::mac, "basemac"},
                                                    {Kind::mac, "ethmac"},
                                                    {Kind::mac, "wirelessmac"},
                                                    {Kind::model, "model"},
                                                    {Kind::model, "modelname"},
                                                    {Kind::model, "modelno"},
                                                    {Kind::model, "modelnumber"},
                                                    {Kind::model, "product"},
                                                    {Kind::model, "productmodel"},
                                                    {Kind::model, "type"},
                                                    {Kind::model, "sku"},
                                                    {Kind::model, "partnumber"},
                                                    {Kind::model, "devicetype"},
                                                    {Kind::date, "date"},
                                                    {Kind::date, "mfgdate"},
                                                    {Kind::date, "made"},
                                                    {Kind::date, "manufactured"},
                                                    {Kind::date, "productiondate"},
                                                    {Kind::date, "datecode"},
                                                    {Kind::date, "mfd"},
                                                    {Kind::date, "dateofmanufacture"},
                                                    {Kind::date, "manufacturingdate"},
                                                    {Kind::date, "builddate"},
                                                    {Kind::ssid, "ssid"},
                                                    {Kind::ssid, "wifiname"},
                                                    {Kind::ssid, "networkname"},
                                                    {Kind::ssid, "wlanname"},
                                                    {Kind::ssid, "essid"},
                                                    {Kind::ssid, "network"},
                                                    {Kind::ssid, "wifissid"},
                                                    {Kind::ssid, "wlanssid"},
                                                    {Kind::ssid, "wifinetwork"}};

string folded(string_view title) {
  string out;
  for (const char c : lower(title))
    if (is_alnum(c)) out += c;
  return out;
}

tl::unexpected<Error> bad(Errc code, const string& name, std::uint32_t line, string what, string hint = {}) {
  return fail(Error{code, std::move(what), fmt::format("{}:{}", name, line), {}, std::move(hint)});
}

// Rows of a CSV text. Messages name the line, never what stands in it.
class Rows {
 public:
  Rows(string_view text, char separator, const string& name) : text_(text), separator_(separator), name_(name) {}

  bool done() const { return at_ >= text_.size(); }
  std::uint32_t line() const { return line_; }

  // The next row; its line is `start`.
  Result<std::vector<string>> next(std::uint32_t& start) {
    start = line_;
    std::vector<string> cells(1);
    bool quoted = false, was_quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\0') return bad(Errc::malformed, name_, line_, "a zero byte stands here; this is no CSV text");
      if (quoted) {
        if (c == '"') {
          if (at_ + 1 < text_.size() && text_[at_ + 1] == '"')
            ++at_;
          else {
            quoted = false;
            continue;
          }
        } else if (c == '\n') {
          ++line_;
        }
        cells.back() += c;
      } else if (c == '"' && cells.back().empty() && !was_quoted) {
        quoted = was_quoted = true;
        continue;
      } else if (c == separator_) {
        if (cells.size() == kMostColumns)
          return bad(Errc::limit, name_, line_, fmt::format("more than {} columns", kMostColumns));
        cells.emplace_back();
        was_quoted = false;
        continue;
      } else if (c == '\n' || c == '\r') {
        at_ += c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
        ++line_;
        return cells;
      } else {
        cells.back() += c;
      }
      if (cells.back().size() > kLongestCell)
        return bad(Errc::limit, name_, start, fmt::format("a cell has more than {} bytes", kLongestCell),
                   "A quotation mark that is never closed makes one long cell.");
    }
    if (quoted) return bad(Errc::malformed, name_, start, "a quotation mark of this line is never closed");
    return cells;
  }

 private:
  string_view text_;
  char separator_;
  const string& name_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

char separator_of(string_view text) {
  const string_view first = text.substr(0, std::min(text.find('\n'), text.size()));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char c : {',', ';', '\t', '|'})
    if (const auto n = std::count(first.begin(), first.end(), c); n > most) most = n, best = c;
  return best;
}

}  // namespace

string_view name(Kind kind) {
  switch (kind) {
    case Kind::serial:
      return "serial number";
    case Kind::mac:
      return "MAC address";
    case Kind::model:
      return "model";
    case Kind::date:
      return "date";
    case Kind::ssid:
      return "network name";
    case Kind::other:
      break;
  }
  return "other";
}

std::size_t Batch::find(Kind kind) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].kind == kind) return i;
  return string::npos;
}

string Batch::label(const Unit& unit) const {
  for (const Kind kind : {Kind::serial, Kind::mac})
    if (const std::size_t i = find(kind); i != string::npos && !unit.identifiers[i].empty())
      return printable(unit.identifiers[i]);
  return fmt::format("line {}", unit.line);
}

string mac_digits(string_view text) {
  string out;
  for (const char c : lower(trim(text))) {
    if (is_digit(c) || (c >= 'a' && c <= 'f'))
      out += c;
    else if (c != ':' && c != '-' && c != '.' && c != ' ')
      return {};
  }
  return out.size() == 12 ? out : string();
}

Result<Batch> read_batch(string_view text, const string& name, string_view password_column) {
  if (text.size() > kMostBytes)
    return bad(Errc::limit, name, 1, fmt::format("the file has more than {} MiB", kMostBytes >> 20));
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return bad(Errc::unsupported, name, 1, "the file is in UTF-16", "Save it as UTF-8: CSV UTF-8 in a spreadsheet.");
  if (trim(text).empty()) return bad(Errc::malformed, name, 1, "the file is empty");
  Rows rows(text, separator_of(text), name);
  std::uint32_t line = 1;
  const std::vector<string> header = ASSAY_TRY(rows.next(line));

  Batch out;
  constexpr std::size_t kNone = string::npos;
  std::size_t password = kNone, rank = kNone;
  std::vector<std::size_t> looks_secret;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const string title = folded(header[i]);
    const auto known = std::find(std::begin(kPasswords), std::end(kPasswords), title);
    // "Wi-Fi password (5 GHz)" is one as well; what looks like a secret must never be taken for an identifier.
    std::size_t at = static_cast<std::size_t>(known - std::begin(kPasswords));
    if (known == std::end(kPasswords)) {
      const bool like = title.find("passw") != kNone || title.find("passphrase") != kNone ||
                        title.find("psk") != kNone || title.find("secret") != kNone || title.ends_with("key") ||
                        title.ends_with("pin");
      if (!like && header[i] != password_column) continue;
    }
    looks_secret.push_back(i);
    if (password_column.empty() ? at < rank || password == kNone : header[i] == password_column) {
      if (password == kNone || password_column.empty()) password = i, rank = at;
    }
  }
  if (password == kNone) {
    std::vector<string> shown;
    for (const string& h : header) shown.push_back(printable(string(trim(h)).substr(0, 40)));
    return bad(Errc::malformed, name, 1,
               password_column.empty() ? string("no column looks like a password")
                                       : fmt::format("there is no column '{}'", printable(password_column)),
               fmt::format("The columns are: {}. Name the one that holds the passwords with --column.",
                           printable(join(shown, ", "))));
  }
  out.password_column = string(trim(header[password]));
  std::vector<std::size_t> from;  // columns of the file that become identifiers
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == password) continue;
    const string title = string(trim(header[i]));
    if (std::find(looks_secret.begin(), looks_secret.end(), i) != looks_secret.end()) {
      out.unused.push_back(printable(title));
      continue;
    }
    Column column{Kind::other, title.empty() ? fmt::format("column {}", i + 1) : printable(title)};
    const string key = folded(title);
    for (const auto& [kind, word] : kTitles)
      if (key == word) column.kind = kind;
    out.columns.push_back(std::move(column));
    from.push_back(i);
  }
  while (!rows.done()) {
    const std::vector<string> cells = ASSAY_TRY(rows.next(line));
    if (cells.size() == 1 && trim(cells[0]).empty()) continue;
    if (cells.size() != header.size())
      return bad(Errc::malformed, name, line,
                 fmt::format("the line has {} cells, the first line has {}", cells.size(), header.size()),
                 "A cell that holds the separator has to stand in quotation marks.");
    if (cells[password].empty()) {
      out.empty.push_back(line);
      continue;
    }
    if (cells[password].size() > kLongestPassword)
      return bad(Errc::limit, name, line, fmt::format("the password has more than {} bytes", kLongestPassword));
    if (out.units.size() == kMostUnits)
      return bad(Errc::limit, name, line, fmt::format("more than {} units", kMostUnits), "Take a sample of them.");
    Unit unit;
    unit.line = line;
    unit.password = cells[password];
    for (const std::size_t i : from) unit.identifiers.emplace_back(trim(cells[i]));
    out.units.push_back(std::move(unit));
  }
  if (out.units.size() < 2)
    return bad(Errc::malformed, name, line,
               fmt::format("{} with a password; a batch has at least two",
                           out.units.size() == 1 ? "there is one unit" : "there is no unit"));
  for (std::size_t c = 0; c < out.columns.size(); ++c) {
    std::size_t bad_macs = 0;
    for (const Unit& u : out.units)
      bad_macs += out.columns[c].kind == Kind::mac && !u.identifiers[c].empty() && mac_digits(u.identifiers[c]).empty();
    if (bad_macs > 0)
      out.remarks.push_back(fmt::format("{} cells of column {} are no MAC addresses", bad_macs, out.columns[c].title));
  }
  return out;
}

}  // namespace assay::passwords
