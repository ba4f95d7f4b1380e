#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hw/base/figure.h"
#include "hw/base/parameters.h"

/// Small parts that use every kind of parameter there is.
namespace omniphi::test {

enum class Paint { Red, Blue };

constexpr auto choices(Paint) {
  return std::array{Choice<Paint>{"red", Paint::Red, "as blood"},
                    Choice<Paint>{"blue", Paint::Blue, "as the sky"}};
}

struct Box {
  static constexpr std::string_view folder = "boxes";
  BytesPerSecond rate{};
  int count = 1;
  double share = 0.5;
  bool on = false;
  std::string name{};
  Paint paint = Paint::Blue;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("rate", self.rate, "how fast it is", required | positive);
    v("count", self.count, "how many there are", between(1, 100));
    v("share", self.share, "how much of it is used", fraction);
    v("on", self.on, "whether it works");
    v("name", self.name, "what it is called");
    v("paint", self.paint, "its colour");
  }

  friend bool operator==(const Box&, const Box&) = default;
};

struct Ring {
  static constexpr std::string_view kind_key = "kind";
  static constexpr std::string_view kind = "ring";
  int length = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("length", self.length, "hosts round the ring");
  }

  friend bool operator==(const Ring&, const Ring&) = default;
};

struct Grid {
  static constexpr std::string_view kind_key = "kind";
  static constexpr std::string_view kind = "grid";
  std::vector<int> sides;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("sides", self.sides, "hosts along each side", required);
  }

  friend bool operator==(const Grid&, const Grid&) = default;
};

struct Machine {
  std::optional<Box> spare;
  std::vector<Box> boxes;
  std::map<std::string, Box> named;
  std::variant<Ring, Grid> ring;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("spare", self.spare, "one more");
    v("boxes", self.boxes, "those in a row");
    v("named", self.named, "those with a name");
    v("ring", self.ring, "how they are joined", required);
  }

  friend bool operator==(const Machine&, const Machine&) = default;
};

struct Wide {
  int small = 0;
  std::int64_t large = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("small", self.small, "an int");
    v("large", self.large, "a wide int");
  }
};

struct Priced {
  Figure<Usd> price{};
  Figure<Seconds> delay{};  // absent: none
  BytesPerSecond cap{};     // absent: none

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("price", self.price, "what it costs", required | non_negative);
    v("delay", self.delay, "how late it is", positive);
    v("cap", self.cap, "what it cannot exceed", positive);
  }
};

/// A part with a part, both from the catalog.
struct Rack {
  static constexpr std::string_view folder = "racks";
  Part<Box> box;
  int height = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("box", self.box, "what stands in it", required);
    v("height", self.height, "how many it holds", at_least(1));
  }
};

}  // namespace omniphi::test
