#include "models/cost/capital_cost.h"

namespace omniphi::models {

std::vector<PriceShare> capital_cost(const hw::Cluster& cluster,
                                     const hw::BillOfMaterials& fabric) {
  PriceShare processors{"processors", 0, Figure<Usd>::exact(Usd(0))};
  PriceShare platforms{"rest of the nodes", 0, Figure<Usd>::exact(Usd(0))};
  PriceShare adapters{"fabric adapters", 0, Figure<Usd>::exact(Usd(0))};
  const auto add = [](PriceShare& share, const Figure<Usd>& price, int count) {
    share.count += count;
    share.price = share.price + price * count;
  };
  for (const hw::NodeGroup& group : cluster.groups) {
    const hw::NodePrice& price = group.node->price();
    add(processors, price.processor, group.nodes);
    add(platforms, price.platform, group.nodes);
    add(adapters, group.node->adapter().price, group.nodes);
  }
  const PriceShare network{
      "switches and cables", static_cast<int>(fabric.switches + fabric.cables()), fabric.price};
  return {processors, platforms, adapters, network};
}

}  // namespace omniphi::models
