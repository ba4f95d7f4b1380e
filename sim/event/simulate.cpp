#include "sim/event/simulate.h"

#include <utility>

#include "models/estimate/estimate.h"
#include "sim/event/step_simulation.h"

namespace omniphi::sim {

namespace {

/// Communication that is `stretch` times as slow beside the computing is the same as computing that
/// is so much faster beside the communication, by a clock that is so much slower.
models::Timeline followed(const models::TimedStep& step,
                          std::vector<Seconds> durations,
                          double stretch) {
  for (Seconds& duration : durations) duration = duration / stretch;
  models::Timeline timeline = StepSimulation(step, std::move(durations)).run();
  for (models::Interval& task : timeline.tasks) {
    task = {task.start * stretch, task.finish * stretch};
  }
  for (auto* times : {&timeline.busy, &timeline.waits, &timeline.imbalance}) {
    for (Seconds& time : *times) time = time * stretch;
  }
  timeline.input = timeline.input * stretch;
  timeline.computed = timeline.computed * stretch;
  return timeline;
}

}  // namespace

Outcome<models::Report> simulate(const models::Design& design) {
  return models::report_of(design, "event", followed);
}

}  // namespace omniphi::sim
