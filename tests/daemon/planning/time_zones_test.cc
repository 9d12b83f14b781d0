#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/planning/tzif_file.h"
#include "planning/time_zone.h"

namespace planning {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using std::chrono::sys_seconds;

class TimeZonesTest : public testing::Test {
 protected:
  TimeZonesTest() {
    std::string pattern = (fs::temp_directory_path() / "zones-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    fs::create_directory(folder / "Test");
    put("Test/Zone", "\nAAA-1\n");
  }
  ~TimeZonesTest() override { fs::remove_all(folder); }
  // As a package manager does it.
  void put(const std::string& name, const std::string& footer) const {
    TzifFile file;
    file.footer = footer;
    std::ofstream(folder / "new", std::ios::binary) << file.bytes();
    fs::rename(folder / "new", folder / name);
  }
  fs::path folder;
};

TEST(TimeZonesNames, AreTheOnesOfTheFolderAndNothingElse) {
  TimeZones zones;
  EXPECT_NE(nullptr, zones.find("America/Argentina/Buenos_Aires"));
  EXPECT_NE(nullptr, zones.find("US/Eastern"));
  EXPECT_NE(nullptr, zones.find("Etc/GMT+5"));
  EXPECT_NE(nullptr, zones.find("UTC"));
  EXPECT_EQ(zones.find("UTC"), zones.find("UTC"));
  for (const char* name : {"", "America", "America/", "america/new_york", "../zoneinfo/UTC", "America/../UTC",
                           "/usr/share/zoneinfo/UTC", "America//New_York", "localtime", "posixrules",
                           "right/UTC", "zone.tab", "Nowhere/Here", "America/New_York\n", "./UTC"}) {
    EXPECT_EQ(nullptr, zones.find(name)) << name;
  }
  EXPECT_EQ(nullptr, zones.find(std::string("UTC\0x", 5)));
  EXPECT_EQ(nullptr, zones.find(std::string(5000, 'A')));
}

TEST_F(TimeZonesTest, ReadsNoFifoAndNoBrokenFile) {
  ASSERT_EQ(0, mkfifo((folder / "Fifo").c_str(), 0600));
  std::ofstream(folder / "Broken") << "TZif2";
  std::ofstream(folder / "Large") << TzifFile().bytes() << std::string(1u << 20, '\n');
  TimeZones zones(folder);
  EXPECT_EQ(nullptr, zones.find("Fifo"));
  EXPECT_EQ(nullptr, zones.find("Broken"));
  EXPECT_EQ(nullptr, zones.find("Large"));
  EXPECT_NE(nullptr, zones.find("Test/Zone"));
}

TEST_F(TimeZonesTest, RefreshReadsAgainWhatChanged) {
  TimeZones zones(folder);
  const Zone old = zones.find("Test/Zone");
  ASSERT_NE(nullptr, old);
  EXPECT_FALSE(zones.refresh());
  EXPECT_EQ(old, zones.find("Test/Zone"));

  put("Test/Zone", "\nAAA-2\n");
  EXPECT_TRUE(zones.refresh());
  EXPECT_EQ(2h, zones.find("Test/Zone")->offset_at(sys_seconds{}));
  EXPECT_EQ(1h, old->offset_at(sys_seconds{}));
  EXPECT_FALSE(zones.refresh());

  std::ofstream(folder / "tzdata.zi") << "# version 2026z\n";
  EXPECT_TRUE(zones.refresh());
  EXPECT_FALSE(zones.refresh());
}

TEST_F(TimeZonesTest, RefreshSeesAFileWrittenInPlace) {
  TimeZones zones(folder);
  ASSERT_NE(nullptr, zones.find("Test/Zone"));
  TzifFile file;
  file.footer = "\nAAA-10\n";
  std::ofstream(folder / "Test/Zone", std::ios::binary) << file.bytes();
  EXPECT_TRUE(zones.refresh());
  EXPECT_EQ(10h, zones.find("Test/Zone")->offset_at(sys_seconds{}));
}

TEST_F(TimeZonesTest, NamesComeFromTzdataZi) {
  TimeZones zones(folder);
  EXPECT_TRUE(zones.names().empty());
  std::ofstream(folder / "tzdata.zi") << "# version 2026z\nR d 1916 o - Jun 14 23s 1 S\n"
                                         "Z Europe/Dublin -0:25:21 - LMT\n-0:25 - D\nL Europe/Dublin Eire\n";
  EXPECT_EQ((std::vector<std::string>{"Eire", "Europe/Dublin"}), zones.names());
}

}  // namespace
}  // namespace planning
