#include "sim/event/step_simulation.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "hw/base/overloaded.h"
#include "models/estimate/communication.h"

namespace omniphi::sim {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

std::vector<hw::HostId> hosts_of(const models::TimedStep& step) {
  const auto placement = std::get<models::Placement>(placement_of(step.design, step.fabric));
  std::vector<hw::HostId> hosts;
  for (int rank = 0; rank < step.design.cluster.ranks(); ++rank) {
    hosts.push_back(placement.host(rank));
  }
  return hosts;
}

/// Ranks of a class follow one another, as the classes do.
std::vector<models::Endpoint> endpoints_of(const models::TimedStep& step) {
  std::vector<models::Endpoint> endpoints;
  for (std::size_t c = 0; c < step.graph.classes.size(); ++c) {
    endpoints.insert(endpoints.end(),
                     step.graph.classes[c].ranks,
                     models::endpoint_of(step.group_of(c), step.stack, step.routing.rails()));
  }
  return endpoints;
}

}  // namespace

StepSimulation::StepSimulation(const models::TimedStep& step, std::vector<Seconds> durations)
    : step_(step),
      durations_(std::move(durations)),
      communication_(FabricPipes(step.fabric, step.routing, hosts_of(step)),
                     endpoints_of(step),
                     [this](CommunicatorId, int rank, CollectiveId sum, Seconds at) {
                       left_sum(rank, sum.index(), at);
                     }) {
  write_programs();
  for (std::size_t c = 0; c < step.graph.classes.size(); ++c) {
    ranks_.insert(ranks_.end(), step.graph.classes[c].ranks, Rank{.rank_class = c});
  }
  add_sums();
}

/// Tasks of each class in order, and after which of them each sum can start.
void StepSimulation::write_programs() {
  const std::vector<models::Task>& tasks = step_.graph.tasks;
  sum_of_.assign(tasks.size(), kNone);
  programs_.resize(step_.graph.classes.size());
  std::vector<std::size_t> place(tasks.size());
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    if (const auto* task = std::get_if<models::ComputeTask>(&tasks[t].work)) {
      ClassProgram& program = programs_[task->rank_class];
      place[t] = program.tasks.size();
      program.tasks.push_back(t);
      program.feeds.emplace_back();
    } else if (std::holds_alternative<models::AllReduceTask>(tasks[t].work)) {
      sum_of_[t] = sums_.size();
      std::vector<std::size_t> last(programs_.size(), kNone);
      for (const models::TaskId before : tasks[t].after) {
        const auto* feeder = std::get_if<models::ComputeTask>(&tasks[before.index()].work);
        if (!feeder) continue;
        std::size_t& latest = last[feeder->rank_class];
        latest = latest == kNone ? place[before.index()] : std::max(latest, place[before.index()]);
      }
      for (std::size_t c = 0; c < last.size(); ++c) {
        if (last[c] != kNone) programs_[c].feeds[last[c]].push_back(sums_.size());
      }
      sums_.push_back(t);
    }
  }
}

void StepSimulation::add_sums() {
  times_.resize(ranks_.size() * sums_.size());
  intervals_.assign(sums_.size(), {Seconds(std::numeric_limits<double>::infinity()), Seconds(0)});
  last_entry_.resize(sums_.size());
  members_.resize(ranks_.size());
  std::iota(members_.begin(), members_.end(), 0);
  const CommunicatorId everybody = communication_.add_communicator(members_);
  const models::GroupShape group{
      .ranks = static_cast<int>(ranks_.size()),
      .ranks_per_host = step_.design.cluster.groups.front().ranks_per_node};
  for (const std::size_t t : sums_) {
    const std::string_view name = step_.costs[t].sum.algorithm;
    auto routed = schedules_.find(name);
    if (routed == schedules_.end()) {
      routed = schedules_
                   .try_emplace(name,
                                models::schedule(models::Collective::AllReduce, name, group),
                                communication_.pipes(),
                                members_)
                   .first;
    }
    const Bytes payload = std::get<models::AllReduceTask>(step_.graph.tasks[t].work).payload;
    collectives_.push_back(communication_.add_collective(everybody, routed->second, payload));
  }
}

models::Timeline StepSimulation::run() {
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank) compute(static_cast<int>(rank));
  communication_.run();
  return timeline();
}

/// Computes until a task waits for a sum that is not finished.
void StepSimulation::compute(int id) {
  Rank& rank = ranks_[id];
  const ClassProgram& program = programs_[rank.rank_class];
  for (; rank.next_task < program.tasks.size(); ++rank.next_task) {
    const std::size_t task = program.tasks[rank.next_task];
    for (const models::TaskId before : step_.graph.tasks[task].after) {
      const std::size_t sum = sum_of_[before.index()];
      if (sum == kNone) continue;
      if (sum >= rank.finished) return;
      rank.computed = std::max(rank.computed, time(id, sum));
    }
    rank.computed += durations_[task];
    for (const std::size_t sum : program.feeds[rank.next_task]) {
      time(id, sum) = rank.computed;
      ++rank.fed;
    }
    if (!program.feeds[rank.next_task].empty()) enter_next_sum(id);
  }
}

void StepSimulation::enter_next_sum(int id) {
  Rank& rank = ranks_[id];
  if (rank.inside || rank.finished == rank.fed) return;
  const std::size_t sum = rank.finished;
  const Seconds at = std::max(time(id, sum), sum == 0 ? Seconds(0) : time(id, sum - 1));
  intervals_[sum].start = std::min(intervals_[sum].start, at);
  last_entry_[sum] = std::max(last_entry_[sum], at);
  rank.inside = true;
  communication_.enter(collectives_[sum], id, at);
}

void StepSimulation::left_sum(int id, std::size_t sum, Seconds at) {
  Rank& rank = ranks_[id];
  rank.inside = false;
  time(id, sum) = at;
  rank.finished = sum + 1;
  intervals_[sum].finish = std::max(intervals_[sum].finish, at);
  enter_next_sum(id);
  compute(id);
}

models::Timeline StepSimulation::timeline() {
  models::Timeline out;
  out.tasks.resize(step_.graph.tasks.size());
  out.busy.resize(programs_.size());
  out.waits.resize(programs_.size());
  out.imbalance.resize(programs_.size());
  std::vector<int> last(programs_.size(), -1);
  for (std::size_t id = 0; id < ranks_.size(); ++id) {
    int& latest = last[ranks_[id].rank_class];
    if (latest < 0 || ranks_[id].computed > ranks_[latest].computed) latest = static_cast<int>(id);
  }
  for (const int rank : last) replay(rank, out);
  for (std::size_t sum = 0; sum < sums_.size(); ++sum) {
    out.tasks[sums_[sum]] = intervals_[sum];
    out.computed = std::max(out.computed, intervals_[sum].finish);
  }
  for (std::size_t t = 0; t < step_.graph.tasks.size(); ++t) {
    if (!std::holds_alternative<models::InputTask>(step_.graph.tasks[t].work)) continue;
    out.tasks[t].finish = durations_[t];
    out.input = std::max(out.input, durations_[t]);
  }
  return out;
}

/// Writes down when a rank computed what, now that it is known when its sums finished.
void StepSimulation::replay(int id, models::Timeline& out) {
  const std::size_t rank_class = ranks_[id].rank_class;
  Seconds lane{};
  for (const std::size_t task : programs_[rank_class].tasks) {
    Seconds release{};
    std::size_t by = kNone;
    for (const models::TaskId before : step_.graph.tasks[task].after) {
      const std::size_t sum = sum_of_[before.index()];
      if (sum == kNone || time(id, sum) <= release) continue;
      release = time(id, sum);
      by = sum;
    }
    if (release > lane) {
      out.waits[rank_class] += release - lane;
      const Seconds slow = std::min(last_entry_[by], release) - lane;
      if (slow > Seconds(0)) out.imbalance[rank_class] += slow;
      lane = release;
    }
    out.tasks[task] = {lane, lane + durations_[task]};
    lane = out.tasks[task].finish;
    out.busy[rank_class] += durations_[task];
  }
  out.computed = std::max(out.computed, lane);
}

}  // namespace omniphi::sim
