#include "hw/base/parameter_writer.h"

#include <bit>
#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "tests/hw/base/machine.h"
#include "tests/support/faults.h"

namespace omniphi {
namespace {

using test::Box;
using test::Grid;
using test::Machine;
using test::Paint;
using test::Priced;

/// `value` written to YAML text and read again.
template <class T>
T reread(const T& value) {
  const Catalog catalog("/nowhere");
  Diagnostics diagnostics;
  T again;
  const ConfigNode node = read_yaml(write_yaml(written(value)), "t.yaml", diagnostics);
  read_parameters(node, "", again, {catalog, diagnostics});
  EXPECT_EQ(test::faults(diagnostics), "") << write_yaml(written(value));
  return again;
}

TEST(Written, SaysEveryParameterDefaultsToo) {
  EXPECT_EQ(write_yaml(written(Box{.rate = BytesPerSecond(12.5e9), .name = "a"})),
            "rate: 12.5 GB/s\ncount: 1\nshare: 0.5\non: false\nname: \"a\"\npaint: blue\n");
}

TEST(Written, NamesACatalogPartByItsId) {
  test::Rack rack;
  rack.box.id = "small";
  EXPECT_EQ(write_yaml(written(rack)), "box: small\nheight: 1\n");
}

TEST(Written, ReadsBackToTheSameMachine) {
  Machine machine;
  machine.spare = Box{.rate = BytesPerSecond(1), .name = "it's: \"odd\"\n"};
  machine.boxes = {Box{.rate = BytesPerSecond(2), .on = true},
                   Box{.rate = BytesPerSecond(3), .paint = Paint::Red}};
  machine.named["null"] = Box{.rate = BytesPerSecond(4), .name = "010"};
  machine.ring = Grid{{2, 3, 4}};
  EXPECT_EQ(reread(machine), machine);
  EXPECT_EQ(reread(Machine{}), Machine{});
}

TEST(Written, ReadsBackNumbersToTheLastBit) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 500; ++i) {
    const double any = std::abs(std::bit_cast<double>(random()));
    const Box box{.rate = BytesPerSecond(std::isfinite(any) && any > 0 ? any : 1),
                  .share = std::ldexp(static_cast<double>(random() >> 11), -53)};
    ASSERT_EQ(reread(box), box);
  }
}

TEST(Written, LeavesOutWhatWasNotGiven) {
  const Priced part{.price = Figure<Usd>::exact(Usd(3), Basis::Published)};
  EXPECT_EQ(write_yaml(written(part)),
            "price:\n  value: 3 USD\n  low: 3 USD\n  high: 3 USD\n  basis: published\n");
  EXPECT_EQ(reread(part).cap, BytesPerSecond(0));
}

TEST(Written, SaysOfAnUnknownFigureOnlyThat) {
  Priced part{.price = Figure<Usd>::unknown()};
  part.delay = Figure<Seconds>::unknown();
  EXPECT_EQ(write_yaml(written(part)), "price:\n  basis: unknown\ndelay:\n  basis: unknown\n");
  EXPECT_FALSE(reread(part).delay.known());
}

TEST(Written, KeepsEmptyTextsInLists) {
  EXPECT_EQ(write_yaml(written(std::vector<std::string>{"", "a"})), "[\"\", \"a\"]\n");
}

}  // namespace
}  // namespace omniphi
