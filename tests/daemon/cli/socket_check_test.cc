#include "cli/socket_check.h"

#include <gmock/gmock.h>

namespace cli {
namespace {

using admin::Finding;
using testing::HasSubstr;

constexpr gid_t kSteering = 4711;

Finding look(mode_t mode, gid_t group = kSteering, std::optional<gid_t> steering = kSteering) {
  struct stat status{};
  status.st_mode = mode;
  status.st_gid = group;
  return socket_finding("/run/c.sock", status, steering);
}

TEST(SocketCheck, IsGoodForItsGroupAlone) {
  const Finding good = look(S_IFSOCK | 0660);
  EXPECT_EQ(good.kind, Finding::Kind::good);
  EXPECT_EQ(good.what, "control socket /run/c.sock, of root:gid 4711, mode 660");
  EXPECT_EQ(look(S_IFSOCK | 0660, 0, std::nullopt).kind, Finding::Kind::good);
}

TEST(SocketCheck, IsBadForEverybodyAndForNobody) {
  EXPECT_THAT(look(S_IFSOCK | 0666).what, HasSubstr("everybody"));
  EXPECT_EQ(look(S_IFSOCK | 0666).kind, Finding::Kind::bad);
  EXPECT_EQ(look(S_IFSOCK | 0666).todo, "chmod 660 /run/c.sock");
  EXPECT_THAT(look(S_IFSOCK | 0600).what, HasSubstr("shuts out the group"));
  EXPECT_EQ(look(S_IFREG | 0660).kind, Finding::Kind::bad);
}

TEST(SocketCheck, AnotherGroupIsTold) {
  EXPECT_EQ(look(S_IFSOCK | 0660, 0).kind, Finding::Kind::note);
  EXPECT_EQ(look_at_socket("/nonexistent/c.sock").kind, Finding::Kind::note);
}

}  // namespace
}  // namespace cli
