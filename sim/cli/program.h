#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "hw/base/catalog.h"
#include "hw/base/parameters.h"

/// What the command lines of all our programs share.
namespace omniphi::sim {

/// Exit statuses that scripts rely on.
enum class Exit { Done = 0, Failed = 1, WrongInput = 2 };

/// Diagnostics become bare lines on stderr, as compilers print them, so that editors find the
/// place.
void set_up_log();

/// Runs a command; what it throws is printed and becomes the exit status.
Exit run_command(std::string_view program, const std::function<Exit()>& command);

/// The folder that this program lies in.
std::filesystem::path program_folder();

/// A folder that is shipped with the programs: `installed` beside the folder they lie in, or
/// `source` where nothing is installed there.
std::filesystem::path shipped_folder(std::string_view installed, std::string_view source);

/// The catalog in force: the option, the environment (OMNIPHI_CATALOG), what was installed with the
/// program, the source tree that it was built from.
Catalog catalog_in_force(const std::string& option);

/// The words of an option whose value is an enum, as option parsers take them.
template <Enumerated E>
std::map<std::string, E> option_words() {
  std::map<std::string, E> words;
  for (const auto& choice : choices(E{})) words.emplace(choice.name, choice.value);
  return words;
}

}  // namespace omniphi::sim
