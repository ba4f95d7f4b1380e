#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hw/fabric/deadlock.h"
#include "hw/fabric/dot.h"
#include "hw/fabric/fabric.h"
#include "hw/fabric/metrics.h"
#include "sim/cli/description.h"
#include "sim/report/table.h"

namespace omniphi::sim {

namespace {

template <class T>
T working_part(Outcome<T> outcome) {
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome))
    throw std::runtime_error(infeasible->reason);
  return std::get<T>(std::move(outcome));
}

void describe_parts(const hw::BillOfMaterials& bill, ConfigNode& tree, Rows& rows) {
  put(tree, "switches", bill.switches);
  put(tree, "directors", bill.directors);
  put(tree, "switch_chips", bill.chips);
  put(tree, "links", bill.cables());
  put(tree, "host_cables", bill.host_cables);
  put(tree, "switch_cables", bill.switch_cables);
  put(tree, "short_cables", bill.short_cables);
  put(tree, "adapter_ports", bill.adapter_ports);
  rows.push_back({"switches",
                  bill.directors == 0
                      ? std::to_string(bill.switches)
                      : fmt::format("{}, {} of them directors; {} switch chips in all",
                                    bill.switches,
                                    bill.directors,
                                    bill.chips)});
  rows.push_back(
      {"cables",
       fmt::format(
           "{} to hosts, {} between switches{}",
           bill.host_cables,
           bill.switch_cables,
           bill.short_cables == 0 ? "" : fmt::format(", {} of them short", bill.short_cables))});
}

void describe_shape(const hw::FabricGraph& graph, ConfigNode& tree, Rows& rows) {
  const hw::FabricMetrics m = hw::metrics(graph);
  put(tree, "least_degree", m.least_degree);
  put(tree, "most_degree", m.most_degree);
  put(tree, "diameter_hops", m.diameter);
  put_number(tree, "mean_hops", m.mean_hops);
  rows.push_back({"degree",
                  m.least_degree == m.most_degree
                      ? fmt::format("{} cables at each switch", m.most_degree)
                      : fmt::format("{} to {} cables at a switch", m.least_degree, m.most_degree)});
  rows.push_back(
      {"hops",
       fmt::format("{} between switches at most, {:.3g} on average", m.diameter, m.mean_hops)});
}

/// Half of the hosts' bandwidth over that of the narrowest cut: 2 if half of them can talk to the
/// others at half their rate.
void describe_bisection(const hw::Topology& topology, int hosts, ConfigNode& tree, Rows& rows) {
  const BytesPerSecond cut = hw::bisection(topology, hosts);
  put_number(tree, "bisection_bytes_per_s", cut.value());
  std::string text = short_text(cut) + " one way";
  if (hosts > 1) {
    const hw::FabricParameters& parameters = hw::common(topology);
    const double over =
        parameters.part->link.bandwidth * double(hosts / 2 * parameters.ports_per_node) / cut;
    put_number(tree, "oversubscription", over);
    text += fmt::format(", {:.3g} of what half of the hosts can send", 1 / over);
  }
  rows.push_back({"bisection", std::move(text)});
}

void describe_routing(const hw::FabricGraph& graph,
                      const hw::RoutingRules& rules,
                      ConfigNode& tree,
                      Rows& rows) {
  const auto routing = working_part(hw::routed(graph, rules));
  const hw::DeadlockCheck check = hw::check_deadlock(graph, routing);
  const std::string method(choice_name(rules.method));
  put_text(tree, "routing", method);
  put(tree, "rails", routing.rails());
  put(tree, "paths", rules.paths);
  put(tree, "virtual_lanes", check.lanes);
  put_text(
      tree, "deadlock", !check.free ? "possible" : (check.complete ? "impossible" : "none found"));
  rows.push_back({"ports of a node", std::to_string(routing.rails())});
  rows.push_back(
      {"routing",
       rules.paths == 1 ? method : fmt::format("{}, {} paths for each pair", method, rules.paths)});
  rows.push_back({"deadlock",
                  fmt::format("{}; virtual lanes: {}",
                              !check.free      ? "possible"
                              : check.complete ? "impossible"
                                               : "none found among the first routes",
                              check.lanes)});
}

}  // namespace

Description described_fabric(const hw::Topology& topology, int hosts) {
  const auto wiring = working_part(hw::working(topology, hosts));
  const hw::FabricGraph graph = hw::graph_of(wiring);
  const hw::BillOfMaterials bill = hw::bill_of_materials(topology, hosts);
  const std::string kind(std::visit([]<class K>(const K&) { return K::kind; }, topology));
  Description d;
  put_text(d.tree, "topology", kind);
  put(d.tree, "hosts", wiring.hosts);
  Rows rows{{"topology", kind}, {"hosts", std::to_string(wiring.hosts)}};
  describe_parts(bill, d.tree, rows);
  describe_shape(graph, d.tree, rows);
  describe_bisection(topology, wiring.hosts, d.tree, rows);
  describe_routing(graph, hw::routing_rules(topology), d.tree, rows);
  rows.push_back({"price", put_price(d.tree, bill.price)});
  put_number(d.tree, "power_w", bill.power.value.value());
  rows.push_back({"power", short_text(bill.power.value)});
  d.text = "fabric\n" + text_table(rows);
  d.dot = hw::dot(wiring);
  return d;
}

Description described_fabric(const ConfigNode& tree, ReadContext context) {
  Part<hw::Fabric> fabric;
  detail::read_value(tree, "", fabric, {}, context);
  context.diagnostics.throw_if_any();
  const hw::Topology& topology = fabric->topology;
  const bool lists_hosts = std::holds_alternative<hw::EdgeList>(topology);
  const int hosts = lists_hosts ? 1 : hw::common(topology).hosts;
  if (hosts == 0) {
    context.diagnostics.error(
        tree.place, "", "the key \"hosts\" is missing: how many nodes the fabric joins");
    context.diagnostics.throw_if_any();
  }
  return described_fabric(topology, hosts);
}

}  // namespace omniphi::sim
