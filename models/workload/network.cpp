#include "models/workload/network.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <fmt/format.h>

#include "models/workload/complexity.h"

namespace omniphi::models {

std::vector<TensorShape> Network::input_shapes(const Layer& layer) const {
  std::vector<TensorShape> shapes;
  for (const LayerId input : layer.inputs) shapes.push_back(this->layer(input).output);
  return shapes;
}

namespace {

/// An edge leads from a layer to one it takes as input, so that a depth-first search finishes
/// inputs before users, and layers in the order they were added where that order already is
/// topological.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using Vertex = Graph::vertex_descriptor;

struct Order {
  std::vector<Vertex> layers;
  std::vector<std::vector<Vertex>> cycles;  // in each, a layer takes the next, the last the first
};

/// The search behind boost::topological_sort, which does not tell where it met a cycle.
class OrderFinder : public boost::default_dfs_visitor {
 public:
  OrderFinder(Order& order, std::vector<Vertex>& path) : order_(&order), path_(&path) {}

  void discover_vertex(Vertex vertex, const Graph&) { path_->push_back(vertex); }

  void finish_vertex(Vertex vertex, const Graph&) {
    path_->pop_back();
    order_->layers.push_back(vertex);
  }

  void back_edge(Graph::edge_descriptor edge, const Graph& graph) {
    if (order_->cycles.size() >= Diagnostics::kMaximum) return;
    const auto first = std::find(path_->begin(), path_->end(), target(edge, graph));
    order_->cycles.emplace_back(first, path_->end());
  }

 private:
  // Pointers, since Boost copies its visitors.
  Order* order_;
  std::vector<Vertex>* path_;
};

Order topological_order(const std::vector<std::vector<std::size_t>>& inputs) {
  Graph graph(inputs.size());
  for (std::size_t user = 0; user < inputs.size(); ++user) {
    for (const std::size_t input : inputs[user]) add_edge(user, input, graph);
  }
  Order order;
  std::vector<Vertex> path;
  boost::depth_first_search(graph, boost::visitor(OrderFinder(order, path)));
  return order;
}

/// Nothing if the shape of an input is not known; a fault of this layer's own is reported.
std::optional<TensorShape> inferred_shape(const Network& network,
                                          const Layer& layer,
                                          const Place& place,
                                          Diagnostics& diagnostics) {
  const std::vector<TensorShape> inputs = network.input_shapes(layer);
  const auto unknown = [](const TensorShape& shape) { return shape.dimensions.empty(); };
  if (std::any_of(inputs.begin(), inputs.end(), unknown)) return std::nullopt;
  try {
    return output_shape(layer.op, inputs);
  } catch (const std::invalid_argument& fault) {
    diagnostics.error(place, layer.name, fault.what());
    return std::nullopt;
  }
}

void check_sharing(const Network& network,
                   LayerId user,
                   const Place& place,
                   Diagnostics& diagnostics) {
  const Layer& layer = network.layer(user);
  const Layer& owner = network.layer(*layer.shares);
  const auto fail = [&](const std::string& message) {
    diagnostics.error(place, layer.name, message);
  };
  if (owner.shares || *layer.shares == user) {
    return fail(fmt::format("cannot use the weights of {}, which has none of its own",
                            in_quotes(owner.name)));
  }
  // Layers of one kind share all that they learn, others what both have: a matrix and a table.
  const bool all = owner.op.index() == layer.op.index();
  const auto needed = [&](Layer alone) {
    alone.shares.reset();
    const Complexity c = complexity(network, alone);
    return all && c.weights == 0 ? c.parameters : c.weights;
  };
  const std::int64_t own = needed(layer);
  const std::int64_t others = needed(owner);
  if (own == others && own > 0) return;
  fail(fmt::format("needs {} weights, but {}, whose weights it is to use, has {}",
                   own,
                   in_quotes(owner.name),
                   others));
}

void find_gradients(Network& network) {
  for (Layer& layer : network.layers) {
    const bool from_input = std::any_of(layer.inputs.begin(), layer.inputs.end(), [&](LayerId id) {
      return network.layer(id).needs_gradient;
    });
    const bool learns = layer.shares || complexity(network, layer).parameters > 0;
    layer.needs_gradient = learns || (from_input && has_gradient(layer.op));
  }
}

}  // namespace

void NetworkBuilder::add(
    std::string name, Op op, std::vector<std::string> inputs, Place place, LayerTraits traits) {
  layers_.push_back(
      {std::move(name), std::move(op), std::move(inputs), std::move(place), std::move(traits)});
}

NetworkBuilder::Connections NetworkBuilder::resolved(Diagnostics& diagnostics) const {
  constexpr std::size_t kMostSuggestions = 1'000;  // a search among more would be slow
  std::unordered_map<std::string_view, std::size_t> index;
  std::vector<std::string_view> suggestions;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Pending& layer = layers_[i];
    if (i < kMostSuggestions) suggestions.push_back(layer.name);
    if (!index.emplace(layer.name, i).second) {
      diagnostics.error(layer.place, layer.name, "another layer has this name");
    }
  }
  const auto near = [&](const std::string& name) {
    return diagnostics.full() ? "" : did_you_mean(name, suggestions);
  };
  const auto find = [&](const std::string& name, const Pending& user) {
    const auto found = index.find(name);
    if (found != index.end()) return std::optional(found->second);
    diagnostics.error(
        user.place, user.name, fmt::format("there is no layer {}{}", in_quotes(name), near(name)));
    return std::optional<std::size_t>();
  };
  Connections connections{std::vector<std::vector<std::size_t>>(layers_.size()),
                          std::vector<std::optional<std::size_t>>(layers_.size())};
  for (std::size_t user = 0; user < layers_.size(); ++user) {
    const Pending& layer = layers_[user];
    for (const std::string& name : layer.inputs) {
      if (const auto input = find(name, layer)) connections.inputs[user].push_back(*input);
    }
    if (!layer.traits.shares.empty()) {
      connections.sharing[user] = find(layer.traits.shares, layer);
    }
  }
  return connections;
}

void NetworkBuilder::report_cycle(const std::vector<std::size_t>& cycle,
                                  Diagnostics& diagnostics) const {
  constexpr std::size_t kMostNames = 10;
  const Pending& first = layers_[cycle.front()];
  std::string text = first.name;
  for (std::size_t i = 1; i < std::min(cycle.size(), kMostNames); ++i) {
    text += " -> " + layers_[cycle[i]].name;
  }
  if (cycle.size() > kMostNames) text += fmt::format(" -> ... ({} layers)", cycle.size());
  diagnostics.error(first.place,
                    first.name,
                    fmt::format("its inputs lead back to itself: {} -> {}", text, first.name));
}

Network NetworkBuilder::finish(Diagnostics& diagnostics) && {
  const std::size_t before = diagnostics.size();
  std::size_t connections = 0;
  for (const Pending& layer : layers_) connections += layer.inputs.size();
  if (layers_.empty()) diagnostics.error({}, "layers", "a network needs at least one layer");
  if (layers_.size() > kMostLayers || connections > kMostConnections) {
    diagnostics.error(
        layers_.back().place,
        "layers",
        fmt::format("more than {} layers or {} connections", kMostLayers, kMostConnections));
    return {};
  }
  const Connections resolved_names = resolved(diagnostics);
  const Order order = topological_order(resolved_names.inputs);
  for (const auto& cycle : order.cycles) report_cycle(cycle, diagnostics);
  if (diagnostics.size() > before) return {};

  Network network;
  std::vector<LayerId> ids(layers_.size());
  for (const std::size_t at : order.layers) {
    Pending& pending = layers_[at];
    Layer layer;
    layer.name = pending.name;
    layer.op = std::move(pending.op);
    layer.format = pending.traits.format;
    for (const std::size_t input : resolved_names.inputs[at]) {
      layer.inputs.push_back(ids[input]);
      ++network.layers[ids[input].index()].users;
    }
    layer.output =
        inferred_shape(network, layer, pending.place, diagnostics).value_or(TensorShape{});
    ids[at] = LayerId(static_cast<std::int64_t>(network.layers.size()));
    network.layers.push_back(std::move(layer));
  }
  if (diagnostics.size() > before) return network;
  for (const std::size_t at : order.layers) {
    const auto owner = resolved_names.sharing[at];
    if (!owner) continue;
    network.layers[ids[at].index()].shares = ids[*owner];
    check_sharing(network, ids[at], layers_[at].place, diagnostics);
  }
  if (diagnostics.size() == before) find_gradients(network);
  return network;
}

}  // namespace omniphi::models
