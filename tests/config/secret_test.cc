#include "config/secret.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <type_traits>

#include "configuration.h"

namespace config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kForms = "write { credential = \"name\" }, { file = \"path\" } or { env = \"NAME\" }";

// No way to print one but as stars.
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!fmt::is_formattable<Secret>::value);

class SecretTest : public ConfigurationTest {
 protected:
  SecretTest() {
    folder_ = fresh_folder();
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }
  ~SecretTest() override {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    fs::remove_all(folder_);
  }
  std::string file(const std::string& name, const std::string& bytes, mode_t mode = 0600) {
    const fs::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  // What `password = REFERENCE` gives.
  std::optional<Secret> secret(const std::string& reference) {
    return section("password = " + reference + "\n").secret("password");
  }
  std::string revealed(const std::string& reference) {
    const auto value = secret(reference);
    return value ? value->reveal() : "nothing";
  }

  fs::path folder_;
};

TEST_F(SecretTest, PrintsAsStars) {
  std::ostringstream out;
  out << Secret("swordfish");
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(testing::PrintToString(Secret("swordfish")), "***");
  EXPECT_EQ(Secret("swordfish").reveal(), "swordfish");
  EXPECT_TRUE(Secret().empty());
}

TEST_F(SecretTest, MayBeMissing) {
  EXPECT_FALSE(section("").secret("password").has_value());
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SecretTest, ComesFromACredentialOfTheUnit) {
  file("smtp", "swordfish\n", 0444);  // systemd sees to its privacy
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(revealed("{ credential = \"smtp\" }"), "swordfish");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SecretTest, ComesFromAFolderOfCredentials) {
  file("fridayd_smtp", "swordfish");
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(revealed("{ credential = \"smtp\" }"), "swordfish");
  file("smtp", "its own");
  EXPECT_EQ(revealed("{ credential = \"smtp\" }"), "its own");
}

TEST_F(SecretTest, SaysHowACredentialIsHandedOver) {
  const std::string todo = "hand it over with LoadCredential=";
  EXPECT_EQ(revealed("{ credential = \"smtp\" }"), "nothing");
  EXPECT_THAT(told(), ElementsAre("3:1: password: credential \"smtp\" is not there; " + todo + "smtp:PATH"));
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(revealed("{ credential = \"smtp\" }"), "nothing");
  EXPECT_THAT(told(), ElementsAre("3:1: password: credential \"smtp\" is not there; " + todo + "smtp:PATH"));
  const std::string outside = file("outside", "swordfish");
  EXPECT_EQ(revealed("{ credential = \"../" + folder_.filename().string() + "/outside\" }"), "nothing");
  EXPECT_EQ(told().size(), 1u);
}

TEST_F(SecretTest, ComesFromAFileThatNobodyElseCanRead) {
  EXPECT_EQ(revealed("{ file = \"" + file("a", "swordfish\n") + "\" }"), "swordfish");
  EXPECT_EQ(revealed("{ file = \"" + file("b", " two words \r\n\n", 0400) + "\" }"), " two words ");
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(SecretTest, RefusesAFileThatOthersCanRead) {
  for (const mode_t mode : {0640, 0604, 0644, 0660, 0602}) {
    const std::string path = file("a", "swordfish", mode);
    EXPECT_EQ(revealed("{ file = \"" + path + "\" }"), "nothing") << std::oct << mode;
    EXPECT_THAT(told(),
                ElementsAre("3:1: password: " + path + " can be read by others; say chmod 600 " + path));
  }
}

TEST_F(SecretTest, RefusesFilesThatHoldNoSecret) {
  const std::string empty = file("empty", "\n");
  EXPECT_EQ(revealed("{ file = \"" + empty + "\" }"), "nothing");
  EXPECT_THAT(told(), ElementsAre("3:1: password: " + empty + " is empty; put the secret into it"));

  const std::string large = file("large", std::string(64 * 1024 + 1, 'x'));
  EXPECT_EQ(revealed("{ file = \"" + large + "\" }"), "nothing");
  EXPECT_THAT(told(), ElementsAre("3:1: password: " + large +
                                  " is larger than 64 KiB; name a file that holds nothing but the secret"));

  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {folder_.string(), pipe}) {
    EXPECT_EQ(revealed("{ file = \"" + path + "\" }"), "nothing");
    EXPECT_THAT(told(), ElementsAre("3:1: password: " + path +
                                    " is no ordinary file; name a file that holds nothing but the secret"));
  }

  EXPECT_EQ(revealed("{ file = \"none\" }"), "nothing");
  EXPECT_THAT(told(),
              ElementsAre("3:1: password: /etc/fridayd/none can't be read: No such file or directory; name "
                          "a file that fridayd can read"));
}

TEST_F(SecretTest, ComesFromAVariable) {
  ::setenv("FRIDAYD_TEST_SECRET", "swordfish", 1);
  EXPECT_EQ(revealed("{ env = \"FRIDAYD_TEST_SECRET\" }"), "swordfish");
  EXPECT_THAT(told(), IsEmpty());
  ::unsetenv("FRIDAYD_TEST_SECRET");
  EXPECT_EQ(revealed("{ env = \"FRIDAYD_TEST_SECRET\" }"), "nothing");
  EXPECT_THAT(
      told(),
      ElementsAre("3:1: password: environment variable FRIDAYD_TEST_SECRET is not set; set it, or use "
                  "a credential"));
}

TEST_F(SecretTest, IsRefusedInTheConfigurationItselfAndNotRepeated) {
  EXPECT_EQ(revealed("\"swordfish\""), "nothing");
  EXPECT_THAT(
      told(),
      ElementsAre("3:1: password is written into the configuration, which is no place for a secret; " +
                  std::string(kForms)));
}

TEST_F(SecretTest, MustNameOneSource) {
  for (const char* reference : {"{}", "{ vault = \"x\" }", "{ env = 3 }", "{ env = \"A\", file = \"b\" }"}) {
    EXPECT_EQ(revealed(reference), "nothing");
    EXPECT_THAT(told(), ElementsAre("3:1: password names no secret; " + std::string(kForms))) << reference;
  }
}

}  // namespace
}  // namespace config
