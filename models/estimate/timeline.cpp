#include "models/estimate/timeline.h"

#include "hw/base/overloaded.h"

namespace omniphi::models {

namespace {

/// When the task may start, and which sum it waits for longest.
struct Release {
  Seconds at{};
  const TaskId* by = nullptr;
};

Release release(const Task& task, const Timeline& done) {
  Release latest;
  for (const TaskId& before : task.after) {
    const Seconds finish = done.tasks[before.index()].finish;
    if (!latest.by || finish > latest.at) latest = {finish, &before};
  }
  return latest;
}

}  // namespace

Timeline timeline(const TaskGraph& graph, const std::vector<Seconds>& durations) {
  Timeline result;
  result.tasks.resize(graph.tasks.size());
  result.busy.resize(graph.classes.size());
  result.waits.resize(graph.classes.size());
  result.imbalance.resize(graph.classes.size());
  std::vector<Seconds> released(graph.tasks.size());
  std::vector<Seconds> compute_free(graph.classes.size());
  Seconds fabric_free{};

  for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
    const Task& task = graph.tasks[t];
    const Release ready = release(task, result);
    released[t] = ready.at;
    const auto run = [&](Seconds& lane) {
      Interval& interval = result.tasks[t];
      interval.start = std::max(lane, ready.at);
      interval.finish = interval.start + durations[t];
      lane = interval.finish;
      result.computed = std::max(result.computed, lane);
    };
    std::visit(Overloaded{[&](const ComputeTask& c) {
                            Seconds& lane = compute_free[c.rank_class];
                            result.busy[c.rank_class] += durations[t];
                            if (ready.by && ready.at > lane) {
                              result.waits[c.rank_class] += ready.at - lane;
                              const Seconds slow =
                                  std::min(released[ready.by->index()], ready.at) - lane;
                              if (slow > Seconds(0)) result.imbalance[c.rank_class] += slow;
                            }
                            run(lane);
                          },
                          [&](const AllReduceTask&) { run(fabric_free); },
                          [&](const InputTask&) {
                            result.tasks[t].finish = durations[t];
                            result.input = std::max(result.input, durations[t]);
                          }},
               task.work);
  }
  return result;
}

}  // namespace omniphi::models
