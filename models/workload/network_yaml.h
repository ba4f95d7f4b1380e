#pragma once

#include <string>

#include "hw/base/catalog.h"
#include "models/workload/network.h"

namespace omniphi::models {

/// Reads a network description:
///
///     source: He et al. 2016, table 1
///     accuracy: {imagenet-1k: {top1: 0.754, source: ...}}
///     parameters: {resolution: 224, width: 1.0}    # what a scenario may set, with its default
///     blocks:                        # pieces used several times
///       conv_bn:
///         parameters: [channels, kernel, stride]
///         layers:
///           - {name: conv, op: convolution, channels: $channels, kernel: $kernel, stride: $stride,
///              pad: ($kernel - 1) / 2, bias: false}
///           - {name: bn, op: batch-normalization}
///     layers:
///       - {name: data, op: input, shape: [3, $resolution, $resolution]}
///       - {name: conv1, block: conv_bn, channels: divisible($width * 64; 8), kernel: 7,
///          stride: 2}
///       - {name: res2, block: bottleneck, channels: 64, repeat: 2}
///       - {name: sum, op: element-wise, from: [a, b]}
///
/// A layer takes the one before it unless `from` names others (operators without input take none).
/// `shares: NAME` lets a layer use the weights of another, counted only there. Inside a block,
/// names are local, those it does not have are looked up around it, `input` is what the block was
/// given, and the last layer is the block's output. Outside, NAME of an instance reads as its
/// output and NAME.layer as a layer in it. `repeat: n` chains n instances (of a block or a single
/// layer), named NAME.1 to NAME.n; NAME reads as the last, and as what the layer was given if there
/// is none.
///
/// A value `$parameter` is what the block was given, or the network's parameter, be it a number,
/// word or list; any other value that holds `$` is arithmetic (expression.h) over the parameters
/// that are numbers and must come out whole. A parameter of the network may be arithmetic over
/// those before it.
///
/// `format: int8` says how a layer's weights and output are stored. Faults go to `diagnostics`.
Network read_network(const ConfigNode& tree, const std::string& name, Diagnostics& diagnostics);

/// A description without blocks that reads back to the same network.
ConfigNode write_network(const Network& network);

/// The description of the catalog's network of this id (`networks/ID.yaml`), its bases merged in.
/// One that is derived has the accuracy that it states itself: another network's is not its own.
ConfigNode catalog_description(const Catalog& catalog,
                               std::string_view id,
                               const Place& from,
                               const std::string& path,
                               Diagnostics& diagnostics);

/// The description `base` with what differs. What is published of the accuracy of a network does
/// not hold for another, so that it stays only where parameters, blocks and layers stay as they
/// are.
ConfigNode changed_network(ConfigNode base, const ConfigNode& change);

/// The catalog's network of this id.
Network load_network(const Catalog& catalog,
                     std::string_view id,
                     const Place& from,
                     const std::string& path,
                     Diagnostics& diagnostics);

}  // namespace omniphi::models
