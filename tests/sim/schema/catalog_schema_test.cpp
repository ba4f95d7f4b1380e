#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sim/schema/validator.h"

namespace omniphi::test {
namespace {

struct Folder {
  const char* name;
  std::vector<const char*> schemas;  // of which each file fits exactly one
};

void PrintTo(const Folder& folder, std::ostream* out) {
  *out << folder.name;
}

class CatalogFolder : public testing::TestWithParam<Folder> {};

TEST_P(CatalogFolder, FitsItsSchema) {
  std::vector<Validator> validators;
  for (const char* name : GetParam().schemas) validators.emplace_back(name);
  const auto files = yaml_files(std::string("configs/") + GetParam().name);
  EXPECT_FALSE(files.empty());
  for (const auto& file : files) {
    const ConfigNode tree = yaml_file(file);
    const auto fitting = std::count_if(
        validators.begin(), validators.end(), [&](const Validator& v) { return v.accepts(tree); });
    EXPECT_EQ(fitting, 1) << file << '\n' << validators.front().faults(tree);
  }
}

INSTANTIATE_TEST_SUITE_P(Schema,
                         CatalogFolder,
                         testing::Values(Folder{"calibration", {"calibration"}},
                                         Folder{"datasets", {"dataset"}},
                                         Folder{"fabrics", {"fabric", "director", "switch", "adapter", "cable"}},
                                         Folder{"networks", {"network"}},
                                         Folder{"nodes", {"node"}},
                                         Folder{"prices", {"prices"}},
                                         Folder{"schedules", {"schedule"}},
                                         Folder{"software", {"software"}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

ConfigNode edited(const char* file, const char* key, ConfigNode value) {
  ConfigNode tree = yaml_file(std::string(OMNIPHI_SOURCE_DIR) + "/configs/" + file);
  tree.set(key, std::move(value));
  return tree;
}

TEST(CatalogSchema, RefusesAPartThatLacksAKeyUnlessItIsDerived) {
  const Validator validator("cable");
  ConfigNode cable = yaml_file(OMNIPHI_SOURCE_DIR "/configs/fabrics/opa-copper-cable.yaml");
  cable.erase("price");
  EXPECT_FALSE(validator.accepts(cable));
  cable.set("base", ConfigNode::text("opa-optical-cable"));
  EXPECT_TRUE(validator.accepts(cable));
}

TEST(CatalogSchema, RefusesAQuantityWithoutUnitOfAnotherDimensionOrSign) {
  const Validator validator("cable");
  const char* file = "fabrics/opa-copper-cable.yaml";
  EXPECT_TRUE(validator.accepts(edited(file, "price", ConfigNode::text("80 USD"))));
  EXPECT_TRUE(validator.accepts(edited(file, "price", ConfigNode::text("0 USD"))));
  EXPECT_FALSE(validator.accepts(edited(file, "price", ConfigNode::text("80"))));
  EXPECT_FALSE(validator.accepts(edited(file, "price", ConfigNode::text("80 W"))));
  EXPECT_FALSE(validator.accepts(edited(file, "price", ConfigNode::text("-80 USD"))));
}

TEST(CatalogSchema, GivesNoValueToAFigureThatIsUnknown) {
  const Validator validator("cable");
  const char* file = "fabrics/opa-copper-cable.yaml";
  ConfigNode figure = ConfigNode::map();
  figure.set("source", ConfigNode::text("nowhere"));
  EXPECT_FALSE(validator.accepts(edited(file, "price", figure)));
  figure.set("basis", ConfigNode::text("unknown"));
  EXPECT_TRUE(validator.accepts(edited(file, "price", figure)));
  figure.set("value", ConfigNode::text("80 USD"));
  EXPECT_FALSE(validator.accepts(edited(file, "price", figure)));
}

TEST(CatalogSchema, TakesExpressionsInLayersAndBlocks) {
  const Validator validator("network");
  ConfigNode layer = ConfigNode::map();
  layer.set("name", ConfigNode::text("fc"));
  layer.set("op", ConfigNode::text("inner-product"));
  layer.set("features", ConfigNode::text("2 * $n"));
  ConfigNode layers = ConfigNode::sequence();
  layers.items = {layer};
  ConfigNode outside = ConfigNode::map();
  outside.set("layers", layers);
  EXPECT_TRUE(validator.accepts(outside));

  layer.set("features", ConfigNode::text("2"));
  ConfigNode inside = ConfigNode::map();
  inside.at_or_new("layers").kind = ConfigNode::Kind::Sequence;
  inside.at_or_new("layers").items = {layer};
  EXPECT_TRUE(validator.accepts(inside));
  inside.at_or_new("blocks").at_or_new("twice").set("layers", layers);
  EXPECT_TRUE(validator.accepts(inside));
}

TEST(CatalogSchema, KnowsTheParametersOfEachOperator) {
  const Validator validator("network");
  ConfigNode network = yaml_file(OMNIPHI_SOURCE_DIR "/configs/networks/alexnet.yaml");
  ConfigNode& convolution = network.at_or_new("layers").items[1];
  ConfigNode pair = ConfigNode::sequence();
  pair.items = {ConfigNode::text("11"), ConfigNode::text("7")};
  convolution.set("kernel", pair);
  EXPECT_TRUE(validator.accepts(network));
  convolution.set("features", ConfigNode::text("10"));  // of an inner product
  EXPECT_FALSE(validator.accepts(network));
}

}  // namespace
}  // namespace omniphi::test
