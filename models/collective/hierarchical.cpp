#include "models/collective/hierarchical.h"

#include <utility>

#include "models/collective/ring.h"

namespace omniphi::models {

namespace {

/// A schedule's step among the ranks of each host at once, each of its chunks `block` chunks.
Schedule::Phase within_hosts(const Schedule::Phase& local,
                             const GroupShape& group,
                             std::int64_t block) {
  Schedule::Phase phase{
      .repeats = local.repeats, .chunk_shift = local.chunk_shift * block, .transfers = {}};
  for (int first = 0; first < group.ranks; first += group.ranks_per_host) {
    for (Transfer t : local.transfers) {
      t.source += first;
      t.destination += first;
      t.first_chunk *= block;
      t.chunks *= block;
      phase.transfers.push_back(t);
    }
  }
  return phase;
}

/// A step between hosts, made at once by the ranks number `local` of each, in that rank's block.
Schedule::Phase between_hosts(const Schedule::Phase& hosts,
                              const GroupShape& group,
                              std::int64_t block) {
  Schedule::Phase phase;
  for (int local = 0; local < group.ranks_per_host; ++local) {
    for (Transfer t : hosts.transfers) {
      t.source = t.source * group.ranks_per_host + local;
      t.destination = t.destination * group.ranks_per_host + local;
      t.first_chunk += local * block;
      phase.transfers.push_back(t);
    }
  }
  return phase;
}

}  // namespace

Schedule hierarchical_all_reduce(const GroupShape& group) {
  const int local = group.ranks_per_host;
  const Schedule hosts = schedule(Collective::AllReduce,
                                  "halving-doubling",
                                  {.ranks = group.ranks / local, .ranks_per_host = 1});
  Schedule out{.name = {}, .ranks = group.ranks, .chunks = local * hosts.chunks, .phases = {}};
  const auto add_local = [&](const Schedule& ring) {
    if (local == 1) return;
    out.phases.push_back(within_hosts(ring.phases.front(), group, hosts.chunks));
  };
  add_local(ring_reduce_scatter(local));
  for (const Schedule::Phase& phase : hosts.phases) {
    out.phases.push_back(between_hosts(phase, group, hosts.chunks));
  }
  add_local(ring_all_gather(local));
  return out;
}

}  // namespace omniphi::models
