// What `fridayctl status` says, and its exit code, over the API's own socket.
#include "cli/verbs.h"
#include "daemon/admin/api_fixture.h"
#include "service/health.h"

namespace cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class StatusTest : public admin::ApiTest {
 protected:
  StatusTest() {
    health_.store = "well";
    health_.started = health_.at = clock_.now();
  }
  // The channel answered that long ago, and well.
  int status(std::chrono::minutes ago) {
    health_.channels = {
        service::as_of({"mail", "smtp", true, true, "takes mail", clock_.now() - ago, ""}, ago)};
    health_.well = service::all_well(health_);
    Options options;
    options.verb = "status";
    testing::internal::CaptureStdout();
    const int exit = view(Client(socket()), options);
    out_ = testing::internal::GetCapturedStdout();
    return exit;
  }
  std::string out_;
};

TEST_F(StatusTest, AChannelThatAnsweredAtItsLastCheckIsWell) {
  EXPECT_EQ(status(19min), kDone);
  EXPECT_THAT(out_, HasSubstr("mail\tsmtp\twell\t19 min ago\ttakes mail"));
}

TEST_F(StatusTest, OneThatDidNotAnswerTwoChecksIsNotWell) {
  EXPECT_EQ(status(21min), kProblems);
  EXPECT_THAT(out_, HasSubstr("mail\tsmtp\tnot well\t21 min ago\thas not answered its check for 21 min"));
  const auto body = get("status").body;
  EXPECT_EQ(body.at("well"), false);
  EXPECT_EQ(body.at("channels").at(0).at("well"), false);
}

}  // namespace
}  // namespace cli
