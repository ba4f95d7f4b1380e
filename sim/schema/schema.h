#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hw/base/parameter_schema.h"

/// The JSON Schemas (draft 2020-12) of the files that Omniphi reads and writes.
namespace omniphi::sim {

struct SchemaDocument {
  std::string_view name;  // "scenario", "node", ...: of the command line and of the file, NAME.json
  std::string_view subject;
  ConfigNode (*describe)(SchemaContext context);
};

/// All of them, in the order they are listed.
const std::vector<SchemaDocument>& schema_documents();

/// The document of this name.
/// Throws ConfigError for a name that is not in the list.
const SchemaDocument& schema_document(std::string_view name);

/// The text of the schema; it ends in a newline.
std::string schema_json(const SchemaDocument& document);

}  // namespace omniphi::sim
