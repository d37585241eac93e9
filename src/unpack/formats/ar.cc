// ar: Debian packages and static libraries. Members are parts, so that a package's control.tar and data.tar are looked
// into.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/text.h"
#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

struct Header {
  std::array<char, 16> name;
  std::array<char, 12> time;
  std::array<char, 6> uid;
  std::array<char, 6> gid;
  std::array<char, 8> mode;
  std::array<char, 10> size;
  std::array<char, 2> magic;
};
static_assert(sizeof(Header) == 60);

constexpr std::string_view kMagic = "!<arch>\n";
constexpr Magic kMagics[] = {{kMagic}};

std::optional<std::uint64_t> decimal(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > 12 || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

struct Member {
  std::string_view name;  // as in the header
  std::uint64_t data = 0;
  std::uint64_t size = 0;
};

Result<Member> read_member(Bytes image, std::uint64_t at) {
  Reader in(image);
  ASSAY_TRY(in.seek(at, "an ar member"));
  const Header h = ASSAY_TRY(in.read<Header>("an ar header"));
  const auto size = decimal({h.size.data(), h.size.size()});
  if (h.magic[0] != '`' || h.magic[1] != '\n' || !size)
    return fail_at(Errc::malformed, at, "no ar header stands where one should");
  // The view lives as long as the image, so it is taken from there.
  return Member{trim(as_text(image.subspan(at, h.name.size()))), in.at(), *size};
}

Result<Extent> measure(Bytes image) {
  if (!starts_with(image, kMagic)) return fail(Errc::malformed, "no ar magic");
  const Member first = ASSAY_TRY(read_member(image, kMagic.size()));
  const bool package = first.name == "debian-binary" || first.name == "debian-binary/";
  return Extent{std::nullopt, true, package ? "Debian package" : "ar archive"};
}

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  ASSAY_TRY(measure(image));
  std::uint64_t at = kMagic.size();
  std::string_view long_names;
  while (at < image.size()) {
    ASSAY_TRY(budget.check_time());
    const auto member = read_member(image, at);
    // What follows an archive is no part of it; an archive cut in a header lost at least a member.
    if (!member) {
      if (image.size() - at < sizeof(Header) && image[at] != '\n') {
        out.refused("the rest of the archive", at, member.error());
        return image.size();
      }
      return at;
    }
    ASSAY_TRY(budget.charge_file());
    std::string name(member->name);
    Bytes content = clip(image, member->data, member->size);
    const bool cut = content.size() < member->size;
    std::uint64_t content_at = member->data;
    if (name == "//") long_names = as_text(content);
    if (name.starts_with("#1/")) {  // BSD: the name stands before the data
      const auto length = decimal(std::string_view(name).substr(3));
      if (length && *length <= content.size()) {
        name = as_text(content.first(*length));
        name = name.substr(0, name.find('\0'));
        content = content.subspan(*length);
        content_at += *length;
      }
    } else if (name.size() > 1 && name.front() == '/' && is_digit(name[1])) {  // GNU: the name stands in the table
      const auto offset = decimal(std::string_view(name).substr(1));
      if (offset && *offset < long_names.size()) {
        const std::string_view rest = long_names.substr(*offset);
        name = rest.substr(0, rest.find_first_of("/\n"));
      }
    } else if (name.size() > 1 && name.ends_with('/') && name != "//") {
      name.pop_back();
    }
    const bool table = name == "/" || name == "//" || name.starts_with("__.SYMDEF") || name == "/SYM64/";
    if (cut)
      out.refused(
          printable(name), member->data,
          Error{Errc::truncated,
                "it has " + std::to_string(member->size) + " bytes, " + std::to_string(content.size()) + " are there",
                {},
                {},
                {}});
    const bool version = content_at == kMagic.size() + sizeof(Header) && as_text(content) == "2.0\n";  // of deb(5)
    if (!table && !version && !content.empty())
      ASSAY_TRY(out.part(replace_all(printable(name), "/", "_"), content, content_at, true));
    const std::uint64_t end = member->data + member->size;
    at = std::min<std::uint64_t>(end + end % 2, image.size());
  }
  return at;
}

}  // namespace

extern constinit const Format ar{
    .name = "ar",
    .title = "ar archive",
    .reference = "ar(5), deb(5)",
    .limits = "",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
