// YAML by libyaml's events. The library has no limits of its own (200 kB of '[' keep it busy for 50 s), so depth and
// count are watched here, on events; aliases are refused, which ends alias bombs.
#include <unordered_set>

#include <fmt/format.h>
#include <yaml.h>

#include "base/node.h"

namespace assay {
namespace {

class YamlReader {
 public:
  YamlReader(std::string_view text, std::string_view name, const NodeLimits& limits) : name_(name), limits_(limits) {
    ASSAY_CHECK(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~YamlReader() {
    if (have_event_) yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  Result<Node> document() {
    ASSAY_TRY(next());  // stream start
    ASSAY_TRY(next());
    if (event_.type == YAML_STREAM_END_EVENT) return Node();
    ASSAY_TRY(next());  // behind document start
    Node root = ASSAY_TRY(node(0));
    ASSAY_TRY(next());  // document end
    if (event_.type != YAML_STREAM_END_EVENT) {
      ASSAY_TRY(next());
    }
    if (event_.type != YAML_STREAM_END_EVENT)
      return error(mark_of(event_.start_mark), "a second document; one file holds one");
    return root;
  }

 private:
  static Mark mark_of(const yaml_mark_t& m) {
    return {static_cast<std::uint32_t>(m.line + 1), static_cast<std::uint32_t>(m.column + 1)};
  }
  tl::unexpected<Error> error(Mark mark, std::string what, Errc code = Errc::malformed, std::string hint = {}) const {
    return fail(
        Error{code, std::move(what), fmt::format("{}:{}:{}", name_, mark.line, mark.column), {}, std::move(hint)});
  }

  Result<void> next() {
    if (have_event_) yaml_event_delete(&event_);
    have_event_ = false;
    if (yaml_parser_parse(&parser_, &event_) != 1) {
      const char* problem = parser_.problem ? parser_.problem : "not YAML";
      if (parser_.error == YAML_READER_ERROR)
        return fail(Error{Errc::malformed, problem, name_, parser_.problem_offset, "Save the file as UTF-8."});
      return error(mark_of(parser_.problem_mark), problem);
    }
    have_event_ = true;
    return {};
  }

  Result<Node> node(std::uint32_t depth) {
    const Mark mark = mark_of(event_.start_mark);
    if (depth > limits_.depth)
      return error(mark, fmt::format("nested deeper than {} levels", limits_.depth), Errc::limit);
    if (++count_ > limits_.nodes) return error(mark, fmt::format("more than {} values", limits_.nodes), Errc::limit);
    switch (event_.type) {
      case YAML_ALIAS_EVENT:
        return error(mark, "an alias (*name) is not accepted here", Errc::unsupported, "Write the value out.");
      case YAML_SCALAR_EVENT: {
        const auto& s = event_.data.scalar;
        if (s.tag && std::string_view(reinterpret_cast<const char*>(s.tag)) != "tag:yaml.org,2002:str" &&
            !(s.plain_implicit || s.quoted_implicit))
          return error(mark, "a tag (!name) is not accepted here", Errc::unsupported);
        std::string text(reinterpret_cast<const char*>(s.value), s.length);
        const bool plain = s.style == YAML_PLAIN_SCALAR_STYLE;
        Node out;
        if (!(plain && (text.empty() || text == "~" || text == "null")))
          out = Node(std::move(text), plain ? Node::Style::plain : Node::Style::quoted);
        out.set_mark(mark);
        return out;
      }
      case YAML_SEQUENCE_START_EVENT: {
        Node out = Node::sequence();
        out.set_mark(mark);
        for (;;) {
          ASSAY_TRY(next());
          if (event_.type == YAML_SEQUENCE_END_EVENT) return out;
          out.items().push_back(ASSAY_TRY(node(depth + 1)));
        }
      }
      case YAML_MAPPING_START_EVENT: {
        Node out = Node::mapping();
        out.set_mark(mark);
        std::unordered_set<std::string> seen;
        for (;;) {
          ASSAY_TRY(next());
          if (event_.type == YAML_MAPPING_END_EVENT) return out;
          const Mark key_mark = mark_of(event_.start_mark);
          if (event_.type != YAML_SCALAR_EVENT) return error(key_mark, "a key that is not a plain word");
          std::string key(reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length);
          if (!seen.insert(key).second) return error(key_mark, fmt::format("the key '{}' stands here twice", key));
          ASSAY_TRY(next());
          Node value = ASSAY_TRY(node(depth + 1));
          out.members().push_back({std::move(key), key_mark, std::move(value)});
        }
      }
      default:
        return error(mark, "not a value");
    }
  }

  std::string name_;
  NodeLimits limits_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool have_event_ = false;
  std::uint32_t count_ = 0;
};

}  // namespace

Result<Node> parse_yaml(std::string_view text, std::string_view name, const NodeLimits& limits) {
  if (text.size() > limits.bytes)
    return fail(Error{Errc::limit,
                      fmt::format("{} bytes; at most {} are read", text.size(), limits.bytes),
                      std::string(name),
                      {},
                      {}});
  return YamlReader(text, name, limits).document();
}

}  // namespace assay
