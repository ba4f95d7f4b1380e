#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "models/estimate/timed_step.h"
#include "sim/event/communication_simulator.h"

namespace omniphi::sim {

/// One step of a task graph, rank by rank: each rank computes its tasks one after another, enters
/// the sums in their order as soon as what they need is computed, and waits for them where a task
/// does. Sums are the messages of their schedules, on a fabric that all of them share.
class StepSimulation {
 public:
  /// Compute and input tasks take `durations`; sums take the schedules that the closed forms chose.
  StepSimulation(const models::TimedStep& step, std::vector<Seconds> durations);

  /// The step: tasks and waits of a class are those of its rank that ends last, sums reach from the
  /// first rank that enters to the last that leaves.
  [[nodiscard]] models::Timeline run();

  [[nodiscard]] const CommunicationSimulator& communication() const { return communication_; }

 private:
  /// What all ranks of a class do.
  struct ClassProgram {
    std::vector<std::size_t> tasks;  // that it computes, in order
    std::vector<std::vector<std::size_t>>
        feeds;  // by place in `tasks`: sums that it is the last for
  };

  struct Rank {
    std::size_t rank_class = 0;
    std::size_t next_task = 0;  // of its program
    std::size_t finished = 0;   // sums
    std::size_t fed = 0;        // sums for which everything is computed
    bool inside = false;        // a sum
    Seconds computed{};         // until then
  };

  void write_programs();
  void add_sums();
  void compute(int rank);
  void enter_next_sum(int rank);
  void left_sum(int rank, std::size_t sum, Seconds at);

  [[nodiscard]] Seconds& time(int rank, std::size_t sum) {
    return times_[rank * sums_.size() + sum];
  }

  [[nodiscard]] models::Timeline timeline();
  void replay(int rank, models::Timeline& out);

  const models::TimedStep& step_;
  std::vector<Seconds> durations_;
  std::vector<std::size_t> sums_;    // tasks, in order
  std::vector<std::size_t> sum_of_;  // by task
  std::vector<ClassProgram> programs_;
  std::vector<Rank> ranks_;
  std::vector<Seconds> times_;               // by (rank, sum): fed at, and later finished at
  std::vector<models::Interval> intervals_;  // by sum
  std::vector<Seconds> last_entry_;          // by sum: when the last rank entered
  std::map<std::string_view, RoutedSchedule> schedules_;
  std::vector<CollectiveId> collectives_;
  std::vector<int> members_;
  CommunicationSimulator communication_;
};

}  // namespace omniphi::sim
