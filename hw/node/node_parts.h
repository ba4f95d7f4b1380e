#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "hw/base/figure.h"
#include "hw/base/parameters.h"

/// What nodes of every kind have, whatever it is that computes in them.
namespace omniphi::hw {

enum class NumberFormat { Fp16, Fp32, Fp64, Int16 };

constexpr auto choices(NumberFormat) {
  return std::array{
      Choice<NumberFormat>{"fp16", NumberFormat::Fp16, "IEEE 754 half precision"},
      Choice<NumberFormat>{"fp32", NumberFormat::Fp32, "IEEE 754 single precision"},
      Choice<NumberFormat>{"fp64", NumberFormat::Fp64, "IEEE 754 double precision"},
      Choice<NumberFormat>{"int16", NumberFormat::Int16, "16-bit integers, added up in 32 bits"}};
}

constexpr Bytes size_of(NumberFormat format) {
  if (format == NumberFormat::Fp16 || format == NumberFormat::Int16) return Bytes(2);
  return Bytes(format == NumberFormat::Fp64 ? 8 : 4);
}

/// What products of a format are added up in.
constexpr Bytes sum_size_of(NumberFormat format) {
  return format == NumberFormat::Int16 ? Bytes(4) : size_of(format);
}

/// Peak flop a cycle of one core or multiprocessor, by number format. A device may know formats
/// beyond NumberFormat, which holds those that something here computes with.
using FlopPerCycle = std::map<std::string, double>;

inline double flop_per_cycle_of(const FlopPerCycle& rates, NumberFormat format) {
  const auto entry = rates.find(std::string(choice_name(format)));
  return entry == rates.end() ? 0 : entry->second;
}

struct Power {
  Watts limit{};               // sustained package power (TDP)
  Figure<Watts> package_idle;  // processor and memory on its package, idle but awake
  Figure<JoulesPerFlop> flop;  // fp32 arithmetic with its operands from registers and caches
  Figure<Watts> platform;      // board, fans, converters: what is left of the node

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("limit", self.limit, "sustained package power (TDP)", required | positive);
    v("package_idle",
      self.package_idle,
      "package power of an idle but awake processor",
      required | non_negative);
    v("flop",
      self.flop,
      "energy of one fp32 flop, instructions and caches included",
      required | non_negative);
    v("platform", self.platform, "power of the rest of the node", required | non_negative);
  }
};

struct NodePrice {
  Figure<Usd> processor;
  Figure<Usd> platform;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("processor", self.processor, "list price", required | non_negative);
    v("platform",
      self.platform,
      "main memory, board, chassis share, supplies, assembly",
      required | non_negative);
  }
};

}  // namespace omniphi::hw
