#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

using Numbers = std::vector<std::int64_t>;

std::int64_t product(const Numbers& numbers) {
  return std::accumulate(
      numbers.begin(), numbers.end(), std::int64_t{1}, [](std::int64_t a, std::int64_t b) {
        if (b != 0 && a > kLargestTensor / b) throw std::invalid_argument("is too large");
        return a * b;
      });
}

/// Where a Slice cuts: at its points, or evenly. The last point is the end.
Numbers slice_ends(const caffe::SliceParameter& p, std::int64_t size, std::size_t tops) {
  Numbers ends(p.slice_point().begin(), p.slice_point().end());
  const auto parts = static_cast<std::int64_t>(tops);
  if (ends.empty()) {
    if (parts == 0 || size % parts != 0) {
      throw std::invalid_argument(fmt::format("{} tops do not divide {} evenly", parts, size));
    }
    for (std::int64_t i = 1; i < parts; ++i) ends.push_back(i * (size / parts));
  }
  ends.push_back(size);
  const bool rising =
      std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>()) == ends.end();
  if (ends.size() != tops || !rising || ends.front() < 1) {
    throw std::invalid_argument(fmt::format("slice points [{}] do not cut {} into {} parts",
                                            fmt::join(p.slice_point(), ", "),
                                            size,
                                            parts));
  }
  return ends;
}

/// The blob's own shape, batch included.
Numbers with_batch(const CaffeNode& node, const TensorShape& sample) {
  Numbers dimensions = sample.dimensions;
  const auto axis = static_cast<std::ptrdiff_t>(node.layers().batch_axis());
  dimensions.insert(dimensions.begin() + axis, std::max<std::int64_t>(1, node.layers().batch()));
  return dimensions;
}

/// `shape` of a Reshape over `whole`, from `first` on for `count` axes: 0 copies a dimension, -1 is
/// what is left (reshape_layer.cpp).
Numbers reshaped(const Numbers& whole, std::size_t first, std::size_t count, const Numbers& shape) {
  const auto begin = whole.begin() + static_cast<std::ptrdiff_t>(first);
  Numbers result(whole.begin(), begin);
  const std::size_t open =
      result.size() +
      static_cast<std::size_t>(std::find(shape.begin(), shape.end(), -1) - shape.begin());
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < -1 || (shape[i] == -1 && first + i != open)) {
      throw std::invalid_argument(
          fmt::format("[{}] is no shape: one dimension may be -1", fmt::join(shape, ", ")));
    }
    if (shape[i] == 0 && first + i >= whole.size()) {
      throw std::invalid_argument(fmt::format(
          "[{}] is no shape: there is no dimension to copy for its 0", fmt::join(shape, ", ")));
    }
    result.push_back(shape[i] == 0 ? *(begin + static_cast<std::ptrdiff_t>(i))
                                   : std::max<std::int64_t>(shape[i], 1));
  }
  result.insert(result.end(), begin + static_cast<std::ptrdiff_t>(count), whole.end());
  if (open < first + shape.size()) result[open] = product(whole) / product(result);
  if (product(result) != product(whole)) {
    throw std::invalid_argument(fmt::format(
        "{} elements do not make a shape of [{}]", product(whole), fmt::join(shape, ", ")));
  }
  return result;
}

/// The span of axes that a Reshape replaces.
std::pair<std::size_t, std::size_t> replaced_axes(const caffe::ReshapeParameter& p,
                                                  std::size_t axes) {
  const auto all = static_cast<std::int64_t>(axes);
  const std::int64_t first = p.axis() < 0 ? p.axis() + all + 1 : p.axis();
  const std::int64_t count = p.num_axes() == -1 ? all - first : p.num_axes();
  if (first < 0 || first > all || count < 0 || count > all - first) {
    throw std::invalid_argument(
        fmt::format("axis {} and num_axes {} do not fit {} axes", p.axis(), p.num_axes(), axes));
  }
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(count)};
}

std::int64_t interpolated(const caffe::InterpParameter& p, std::int64_t size, std::int64_t stated) {
  const std::int64_t padded = size + p.pad_beg() + p.pad_end();
  constexpr std::int32_t kLargestFactor = 1 << 20;
  for (const std::int32_t factor : {p.zoom_factor(), p.shrink_factor()}) {
    if (factor >= 1 && factor <= kLargestFactor) continue;
    throw std::invalid_argument(fmt::format(
        "zoom_factor and shrink_factor must be from 1 to {}, got {}", kLargestFactor, factor));
  }
  if (stated > 0) return stated;
  if (padded < 1) throw std::invalid_argument("its pads leave nothing of the input");
  const std::int64_t shrunk = (padded - 1) / p.shrink_factor() + 1;
  return shrunk + (shrunk - 1) * (p.zoom_factor() - 1);
}

void require_image(const TensorShape& sample) {
  if (sample.rank() == 3) return;
  throw std::invalid_argument(
      fmt::format("takes channels of two axes, got {} for each sample", sample.text()));
}

}  // namespace

namespace caffe_layer {

void concat(CaffeNode& node) {
  const auto& p = node.proto().concat_param();
  const CaffeValue first = node.bottom();
  const std::int64_t axis = p.has_concat_dim() ? p.concat_dim() : p.axis();
  Concatenation op;
  op.axis = static_cast<std::int64_t>(node.axis(axis, first.shape));
  node.become(op);
}

void slice(CaffeNode& node) {
  node.expect(1, 100'000);
  const auto& p = node.proto().slice_param();
  const CaffeValue input = node.bottom();
  const std::size_t axis = node.axis(p.has_slice_dim() ? p.slice_dim() : p.axis(), input.shape);
  std::int64_t begin = 0;
  std::size_t top = 0;
  for (const std::int64_t end : slice_ends(p, input.shape.dimensions[axis], node.tops())) {
    const Slice op{{static_cast<std::int64_t>(axis)}, {begin}, {end}, {}};
    const std::string& blob = node.proto().top(static_cast<int>(top));
    node.set_top(top++, node.add(op, {input}, blob));
    begin = end;
  }
}

void split(CaffeNode& node) {
  node.expect(1, 100'000);
  for (std::size_t i = 0; i < node.tops(); ++i) node.set_top(i, node.bottom());
}

void flatten(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().flatten_param();
  const CaffeValue input = node.bottom();
  const std::size_t first = node.axis(p.axis(), input.shape);
  const std::size_t last = node.axis(p.end_axis(), input.shape);
  if (last < first) {
    throw std::invalid_argument(
        fmt::format("end_axis {} lies before axis {}", p.end_axis(), p.axis()));
  }
  const Numbers& all = input.shape.dimensions;
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  Numbers shape(all.begin(), begin);
  shape.push_back(product({begin, end}));
  shape.insert(shape.end(), end, all.end());
  node.become(Reshape{shape});
}

void reshape(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().reshape_param();
  const CaffeValue input = node.bottom();
  const Numbers whole = with_batch(node, input.shape);
  const auto [first, count] = replaced_axes(p, whole.size());
  Numbers shape = reshaped(whole, first, count, {p.shape().dim().begin(), p.shape().dim().end()});
  const std::size_t batch = node.layers().batch_axis();
  if (shape.size() <= batch || shape[batch] != whole[batch]) {
    throw std::invalid_argument(fmt::format(
        "mixes samples: [{}] becomes [{}]", fmt::join(whole, ", "), fmt::join(shape, ", ")));
  }
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(batch));
  if (shape.empty()) shape.push_back(1);
  node.become(Reshape{shape});
}

/// SSD's: the axes that are not named follow in their order (permute_layer.cpp).
void permute(CaffeNode& node) {
  node.expect(1);
  const CaffeValue input = node.bottom();
  const std::size_t axes = input.shape.rank() + 1;
  Numbers order(node.proto().permute_param().order().begin(),
                node.proto().permute_param().order().end());
  for (std::size_t i = 0; i < axes; ++i) {
    const auto axis = static_cast<std::int64_t>(i);
    if (std::find(order.begin(), order.end(), axis) == order.end()) order.push_back(axis);
  }
  const std::size_t batch = node.layers().batch_axis();
  if (order.size() != axes || order[batch] != static_cast<std::int64_t>(batch)) {
    throw std::invalid_argument(
        fmt::format("order [{}] does not keep {} axes with the batch in its place",
                    fmt::join(node.proto().permute_param().order(), ", "),
                    axes));
  }
  order.erase(order.begin() + static_cast<std::ptrdiff_t>(batch));
  for (std::int64_t& axis : order) axis -= axis > static_cast<std::int64_t>(batch) ? 1 : 0;
  node.become(Transpose{order});
}

void tile(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().tile_param();
  const CaffeValue input = node.bottom();
  Expand op{input.shape.dimensions};
  std::int64_t& dimension = op.shape[node.axis(p.axis(), input.shape)];
  if (p.tiles() < 1 || p.tiles() > kLargestTensor / dimension) {
    throw std::invalid_argument(
        fmt::format("tiles must be at least 1, and fit, got {}", p.tiles()));
  }
  dimension *= p.tiles();
  node.become(op);
}

/// The first bottom cut to the size of the second, from `axis` on.
void crop(CaffeNode& node) {
  node.expect(2);
  const auto& p = node.proto().crop_param();
  const CaffeValue input = node.bottom(0);
  const CaffeValue like = node.bottom(1);
  Slice op;
  const std::size_t first = node.axis(p.axis(), input.shape);
  const std::size_t axes = input.shape.rank() - first;
  const auto offsets = static_cast<std::size_t>(p.offset_size());
  if (like.shape.rank() != input.shape.rank() || (offsets > 1 && offsets != axes)) {
    throw std::invalid_argument(fmt::format("{} offsets do not cut {} to the size of {}",
                                            offsets,
                                            input.shape.text(),
                                            like.shape.text()));
  }
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t begin = offsets == 0 ? 0 : p.offset(offsets == 1 ? 0 : static_cast<int>(i));
    const std::int64_t end = begin + like.shape.dimensions[first + i];
    if (end > input.shape.dimensions[first + i]) {
      throw std::invalid_argument(fmt::format("elements {} to {} of {} on axis {} are not there",
                                              begin,
                                              end,
                                              input.shape.dimensions[first + i],
                                              first + i + 1));
    }
    op.axes.push_back(static_cast<std::int64_t>(first + i));
    op.begin.push_back(begin);
    op.end.push_back(end);
  }
  node.set_top(0, node.add(op, {input}));
}

/// Bilinear; the size is stated, or follows from factors, or is that of a second bottom.
void interp(CaffeNode& node) {
  const auto& p = node.proto().interp_param();
  const CaffeValue input = node.bottom(0);
  require_image(input.shape);
  std::int64_t height = p.height();
  std::int64_t width = p.width();
  if (node.bottoms() == 2) {
    const CaffeValue like = node.bottom(1);
    require_image(like.shape);
    height = like.shape.dimensions[1];
    width = like.shape.dimensions[2];
  }
  Resize op;
  op.mode = Interpolation::Linear;
  op.size = PerAxis{{interpolated(p, input.shape.dimensions[1], height),
                     interpolated(p, input.shape.dimensions[2], width)}};
  if (p.pad_beg() != 0 || p.pad_end() != 0) {
    node.note(NoteKind::NotModelled, "its border is not counted");
  }
  node.set_top(0, node.add(op, {input}));
}

void upsample(CaffeNode& node) {
  const auto& p = node.proto().upsample_param();
  const CaffeValue input = node.bottom(0);
  require_image(input.shape);
  const std::int64_t down = p.has_scale_h() ? p.scale_h() : p.scale();
  const std::int64_t across = p.has_scale_w() ? p.scale_w() : p.scale();
  Resize op;
  if (p.has_upsample_h() && p.has_upsample_w()) {
    op.size = PerAxis{{p.upsample_h(), p.upsample_w()}};
  } else {
    op.scale = PerAxis{{down, across}};
  }
  if (node.bottoms() > 1) {
    node.note(NoteKind::Approximated, "puts elements where a mask says; costs what resizing costs");
  }
  node.set_top(0, node.add(op, {input}));
}

/// ShuffleNet's: [g, C / g, ...] to [C / g, g, ...].
void shuffle_channel(CaffeNode& node) {
  node.expect(1);
  const CaffeValue input = node.bottom();
  const std::int64_t groups = node.proto().shuffle_channel_param().group();
  const std::int64_t channels = input.shape.dimensions[0];
  if (groups < 1 || channels % groups != 0) {
    throw std::invalid_argument(
        fmt::format("{} groups do not divide {} channels", groups, channels));
  }
  const CaffeValue grouped = node.add(Reshape{{groups, channels / groups, -1}}, {input}, "groups");
  const CaffeValue shuffled = node.add(Transpose{{1, 0, 2}}, {grouped}, "shuffled");
  node.set_top(0, node.add(Reshape{input.shape.dimensions}, {shuffled}));
}

}  // namespace caffe_layer

}  // namespace omniphi::models
