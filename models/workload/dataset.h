#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "hw/base/quantity.h"

namespace omniphi::models {

/// Labelled samples to train on, and how they lie in storage.
struct DataSet {
  static constexpr std::string_view folder = "datasets";
  std::int64_t training_samples = 0;
  std::int64_t validation_samples = 0;
  std::int64_t classes = 0;
  std::vector<std::int64_t> sample_shape;
  Bytes stored_bytes_per_sample{};
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("training_samples",
      self.training_samples,
      "samples of one epoch; 0: there are no epochs",
      required | at_least(0));
    v("validation_samples",
      self.validation_samples,
      "samples that accuracy is measured on",
      required | at_least(0));
    v("classes", self.classes, "number of labels", required | at_least(1));
    v("sample_shape",
      self.sample_shape,
      "shape of a stored sample, [C, H, W]",
      required | at_least(1));
    v("stored_bytes_per_sample",
      self.stored_bytes_per_sample,
      "what the input pipeline reads from storage for each sample",
      required | non_negative);
    v("source", self.source, "document and page of the numbers", required);
  }
};

}  // namespace omniphi::models
