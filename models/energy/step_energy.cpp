#include "models/energy/step_energy.h"

namespace omniphi::models {

namespace {

Figure<Joules> over(const Figure<Watts>& power, const Figure<Seconds>& time, double count) {
  return {power.value * time.value * count,
          power.low * time.low * count,
          power.high * time.high * count,
          Basis::Derived,
          {}};
}

template <class PerUnit, class Amount>
Figure<Joules> of(const Figure<PerUnit>& energy, Amount amount, double count) {
  return {energy.value * amount * count,
          energy.low * amount * count,
          energy.high * amount * count,
          Basis::Derived,
          {}};
}

/// A share that exists from zero, so that groups add up.
Figure<Joules> none() {
  return Figure<Joules>::exact(Joules(0));
}

Figure<Joules> memory_energy(const hw::ManyCoreCpu& cpu,
                             const NodeActivity& activity,
                             double nodes) {
  const Figure<Joules> main = of(cpu.main_memory.energy, activity.main_memory, nodes);
  return cpu.fast_memory ? main + of(cpu.fast_memory->energy, activity.fast_memory, nodes) : main;
}

Figure<Joules> memory_energy(const hw::Gpu& gpu, const NodeActivity& activity, double nodes) {
  return of(gpu.memory.energy, activity.main_memory, nodes);
}

}  // namespace

std::vector<EnergyShare> step_energy(const hw::Cluster& cluster,
                                     const hw::BillOfMaterials& fabric,
                                     const std::vector<NodeActivity>& by_group,
                                     const Figure<Seconds>& step) {
  EnergyShare packages{"processors at rest", none(), true};
  EnergyShare arithmetic{"arithmetic", none(), false};
  EnergyShare memory{"memory traffic", none(), false};
  EnergyShare platform{"rest of the nodes", none(), true};
  EnergyShare network{"fabric and adapters", over(fabric.power, step, 1), true};
  for (std::size_t g = 0; g < cluster.groups.size(); ++g) {
    const hw::NodeGroup& group = cluster.groups[g];
    const hw::Power& power = group.node->power();
    const double nodes = group.nodes;
    packages.energy = packages.energy + over(power.package_idle, step, nodes);
    platform.energy = platform.energy + over(power.platform, step, nodes);
    network.energy = network.energy + over(group.node->adapter().power, step, nodes);
    arithmetic.energy = arithmetic.energy + of(power.flop, by_group[g].arithmetic, nodes);
    memory.energy =
        memory.energy +
        std::visit([&](const auto& kind) { return memory_energy(kind, by_group[g], nodes); },
                   group.node->kind);
  }
  return {packages, arithmetic, memory, platform, network};
}

}  // namespace omniphi::models
