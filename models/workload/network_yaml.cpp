#include "models/workload/network_yaml.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "hw/base/parameter_reader.h"
#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "models/workload/block_expander.h"
#include "models/workload/network_description.h"

namespace omniphi::models {

namespace {

void check_description(const NetworkDescription& description,
                       const ConfigNode& tree,
                       ReadContext context) {
  if (description.parameters.kind != ConfigNode::Kind::Null) {
    detail::expect_map(description.parameters, "parameters", context);
  }
  for (const auto& [id, block] : description.blocks) {
    const ConfigNode& text = *tree.find("blocks")->find(id);
    const std::string path = "blocks." + id;
    if (block.layers.empty()) {
      context.diagnostics.error(text.place, path, "a block needs at least one layer");
    }
    for (const std::string& parameter : block.parameters) {
      const std::set<std::string_view> reserved{
          "name", "op", "block", "from", "repeat", "shares", "format"};
      if (!reserved.contains(parameter)) continue;
      context.diagnostics.error(
          text.find("parameters")->place, path, "no parameter may be called \"" + parameter + '"');
    }
  }
}

/// Reads what each layer is; a fault in a block is reported once, however often the block is used.
NetworkBuilder builder_of(const std::vector<FlatLayer>& layers, ReadContext context) {
  NetworkBuilder builder;
  std::set<std::pair<int, int>> faulty;  // line and column
  for (const FlatLayer& layer : layers) {
    const Place& place = layer.op.place;
    if (faulty.contains({place.line, place.column})) continue;
    const std::size_t before = context.diagnostics.size();
    LayerTraits traits{layer.shares, {}};
    ConfigNode text = layer.op;
    if (const ConfigNode* format = text.find("format")) {
      detail::read_value(*format, layer.name + ".format", traits.format, {}, context);
      text.erase("format");
    }
    Op op;
    detail::read_value(text, layer.name, op, {}, context);
    if (context.diagnostics.size() > before) faulty.emplace(place.line, place.column);
    const bool no_input = takes_no_input(op) && !layer.inputs_given;
    builder.add(layer.name,
                std::move(op),
                no_input ? std::vector<std::string>{} : layer.inputs,
                place,
                std::move(traits));
  }
  return builder;
}

ConfigNode quoted_list(const std::vector<LayerId>& inputs, const Network& network) {
  std::vector<std::string> names;
  for (const LayerId input : inputs) names.push_back(network.layer(input).name);
  return names.size() == 1 ? written(names[0]) : written(names);
}

/// `previous` is what the layer takes if nothing is said.
ConfigNode written_layer(const Network& network,
                         const Layer& layer,
                         std::optional<LayerId> previous) {
  ConfigNode node = ConfigNode::map();
  node.set("name", written(layer.name));
  for (ConfigNode::Entry& entry : written(layer.op).entries) {
    node.set(entry.key, std::move(entry.value));
  }
  if (layer.shares) node.set("shares", written(network.layer(*layer.shares).name));
  if (layer.format) node.set("format", written(*layer.format));
  const bool as_written = previous && layer.inputs == std::vector{*previous};
  if (!layer.inputs.empty() && !as_written) node.set("from", quoted_list(layer.inputs, network));
  return node;
}

}  // namespace

Network read_network(const ConfigNode& tree, const std::string& name, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  const Catalog no_catalog{{}};  // a network names no parts
  const ReadContext context{no_catalog, diagnostics};
  NetworkDescription description;
  read_parameters(tree, "", description, context);
  if (diagnostics.size() == before) check_description(description, tree, context);
  if (diagnostics.size() > before) return {};
  if (description.layers.empty()) {
    diagnostics.error(tree.find("layers")->place, "layers", "a network needs at least one layer");
    return {};
  }
  NetworkBuilder builder = builder_of(
      unfolded(description.layers, description.blocks, description.parameters, context), context);
  if (diagnostics.size() > before) return {};
  Network network = std::move(builder).finish(diagnostics);
  network.name = name;
  network.source = description.source;
  network.accuracy = std::move(description.accuracy);
  network.notes = std::move(description.notes);
  return network;
}

ConfigNode write_network(const Network& network) {
  ConfigNode tree = ConfigNode::map();
  if (!network.source.empty()) tree.set("source", written(network.source));
  if (!network.accuracy.empty()) tree.set("accuracy", written(network.accuracy));
  ConfigNode layers = ConfigNode::sequence();
  std::optional<LayerId> previous;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    layers.items.push_back(written_layer(network, network.layers[i], previous));
    previous = LayerId(static_cast<std::int64_t>(i));
  }
  tree.set("layers", std::move(layers));
  if (!network.notes.empty()) tree.set("notes", written(network.notes));
  return tree;
}

ConfigNode catalog_description(const Catalog& catalog,
                               std::string_view id,
                               const Place& from,
                               const std::string& path,
                               Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  ConfigNode tree = catalog.load("networks", id, from, path, diagnostics);
  if (diagnostics.size() > before) return {};
  const ConfigNode own =
      read_yaml_file(catalog.root() / "networks" / (std::string(id) + ".yaml"), diagnostics);
  if (!own.find("base")) return tree;
  const ConfigNode* accuracy = own.find("accuracy");
  tree.erase("accuracy");
  if (accuracy) tree.set("accuracy", *accuracy);
  return tree;
}

ConfigNode changed_network(ConfigNode base, const ConfigNode& change) {
  ConfigNode whole = overlaid(base, change);
  const bool same =
      std::ranges::all_of(std::array{"parameters", "blocks", "layers"}, [&](auto key) {
        const ConfigNode* before = base.find(key);
        const ConfigNode* after = whole.find(key);
        return !change.find(key) || (before && write_yaml(*before) == write_yaml(*after));
      });
  if (same) return whole;
  base.erase("accuracy");
  return overlaid(std::move(base), change);
}

Network load_network(const Catalog& catalog,
                     std::string_view id,
                     const Place& from,
                     const std::string& path,
                     Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  const ConfigNode tree = catalog_description(catalog, id, from, path, diagnostics);
  if (diagnostics.size() > before) return {};
  Network network = read_network(tree, std::string(id), diagnostics);
  diagnostics.annotate(before, from);
  return network;
}

}  // namespace omniphi::models
