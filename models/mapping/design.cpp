#include "models/mapping/design.h"

#include <algorithm>
#include <filesystem>

#include "hw/base/parameter_schema.h"
#include "hw/base/yaml_reader.h"
#include "models/collective/schedule.h"
#include "models/workload/importers/caffe.h"
#include "models/workload/importers/onnx.h"
#include "models/workload/network_schema.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

namespace {

Network network_from_file(const std::filesystem::path& file, Diagnostics& diagnostics) {
  const bool caffe = file.extension() == ".prototxt";
  if (caffe || file.extension() == ".onnx") {
    try {
      return caffe ? read_caffe(file).network : read_onnx(file);
    } catch (const ConfigError& error) {
      for (const Diagnostic& d : error.diagnostics()) diagnostics.error(d.place, d.path, d.message);
      return {};
    }
  }
  const std::size_t before = diagnostics.size();
  const ConfigNode tree = read_yaml_file(file, diagnostics);
  return diagnostics.size() > before ? Network{}
                                     : read_network(tree, file.stem().string(), diagnostics);
}

}  // namespace

void NetworkChoice::read(const ConfigNode& node,
                         const std::string& path,
                         NetworkChoice& out,
                         Rule,
                         ReadContext context) {
  Diagnostics& diagnostics = context.diagnostics;
  if (!node.is_scalar()) {
    out.network = read_network(node, "inline", diagnostics);
    return;
  }
  const std::filesystem::path name(node.scalar);
  const std::size_t before = diagnostics.size();
  if (name.extension() == ".onnx" || name.extension() == ".prototxt" ||
      name.extension() == ".yaml") {
    // A name given on the command line has no line; it is relative to where the user stands.
    const bool in_file = node.place.file && node.place.line > 0;
    const std::filesystem::path folder =
        in_file ? std::filesystem::path(*node.place.file).parent_path() : "";
    out.network = network_from_file(folder / name, diagnostics);
    diagnostics.annotate(before, node.place);
  } else {
    out.network = load_network(context.catalog, node.scalar, node.place, path, diagnostics);
  }
  out.id = node.scalar;
}

ConfigNode NetworkChoice::schema(Rule, SchemaContext context) {
  return schema::either(schema::of_type("string"), ConfigNode::map(), network_schema(context));
}

ConfigNode NetworkChoice::write() const {
  return id.empty() ? write_network(network) : ConfigNode::text(id);
}

void AllReduceChoice::read(const ConfigNode& node,
                           const std::string& path,
                           AllReduceChoice& out,
                           Rule,
                           ReadContext context) {
  std::vector<std::string_view> known = all_reduce_names();
  known.insert(known.begin(), "auto");
  if (node.is_scalar() && std::find(known.begin(), known.end(), node.scalar) != known.end()) {
    out.name = node.scalar;
  } else {
    detail::report_unknown_word(node, path, known, context);
  }
}

ConfigNode AllReduceChoice::schema(Rule, SchemaContext) {
  std::vector<schema::Word> words{{"auto", "the one predicted to be fastest"}};
  for (const std::string_view name : all_reduce_names()) words.push_back({name, ""});
  return schema::one_of(words);
}

SoftwareStack Software::effective() const {
  SoftwareStack chosen = *stack;
  if (calibration) chosen.calibration = *calibration;
  return chosen;
}

}  // namespace omniphi::models
