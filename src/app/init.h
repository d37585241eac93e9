// assay init: from answers to a dossier, with what comes first.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/steps.h"
#include "base/clock.h"
#include "base/result.h"
#include "begin/interview.h"

namespace assay::app {

struct InitOptions {
  std::filesystem::path dossier;
  std::string template_id;           // or empty
  std::filesystem::path answers;     // a file of answers, or empty
  std::vector<std::string> markets;  // empty: those of the answers
  bool resume = false;               // a dossier that is there is gone on with
  Date at;
  bool unicode = true;
};

// Somebody to ask. `hear` fills in a line without its end.
enum class Heard : unsigned char { line, end, interrupted };
struct Talk {
  std::function<Result<void>(std::string_view text)> say;
  std::function<Heard(std::string& line)> hear;
};

struct Begun {
  bool stopped = false;  // before the last question; the answers are kept
  bool interrupted = false;
  std::filesystem::path kept_in;  // the answers
  std::size_t answered = 0;
  std::vector<std::string> written, left;  // files; left: changed by somebody since, and not written over
  std::string category, template_id;
  std::vector<begin::ScopeResult> scope;
  std::vector<begin::ScopeResult> usual;  // as the template's product would be; empty: no template
  std::vector<FirstStep> steps;
  std::size_t to_say = 0, to_confirm = 0;  // as lint counts
};

// Asks where neither a template nor a file of answers is named. Refuses to write into a dossier that is there. Answers
// are written after each question, so that nothing is lost.
Result<Begun> init(const InitOptions& options, const Talk& talk);

std::string init_text(const Begun& begun, const InitOptions& options);
std::string init_json(const Begun& begun);
std::string first_steps_page(const Begun& begun, const InitOptions& options);  // FIRST-STEPS.md
// What there is to choose from: templates, questions.
Result<std::string> init_list(bool json);

// Answers as a file: template, answers in their order, and digests of the files written from them.
Result<void> read_answers_file(const std::filesystem::path& file, begin::Interview& interview,
                               std::map<std::string, std::string>* written);

}  // namespace assay::app
