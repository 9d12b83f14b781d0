// docs/api.json describes the API as it is: its routes, what they take, and each member of each answer.
#include <fstream>
#include <set>
#include <sstream>

#include "api_fixture.h"

namespace admin {
namespace {

using testing::IsEmpty;

const json::object& api_document() {
  static const json::object document = [] {
    std::ifstream in(std::string(FRIDAYD_SOURCE_DIR) + "/docs/api.json");
    std::stringstream text;
    text << in.rdbuf();
    return json::parse(text.str()).as_object();
  }();
  return document;
}

// "#/components/schemas/Draft"
const json::object& resolve(const json::object& node) {
  const json::value* reference = node.if_contains("$ref");
  if (reference == nullptr) return node;
  const std::string pointer(reference->as_string());
  return api_document()
      .at("components")
      .at_pointer(pointer.substr(std::string("#/components").size()))
      .as_object();
}

std::string type_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "integer";
    case json::kind::double_:
      return "number";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      break;
  }
  return "object";
}

// Compares answers with their schemas, and keeps in mind which members were seen.
class Checker {
 public:
  void check(const json::object& schema_or_reference, const json::value& value, const std::string& place) {
    const json::object& schema = resolve(schema_or_reference);
    if (!allows(schema.at("type"), type_of(value))) {
      ADD_FAILURE() << place << " is " << type_of(value) << ", documented as "
                    << json::serialize(schema.at("type"));
    }
    if (const json::value* words = schema.if_contains("enum")) {
      const json::array& all = words->as_array();
      EXPECT_NE(std::find(all.begin(), all.end(), value), all.end())
          << place << " is " << json::serialize(value);
    }
    if (schema.contains("format") && value.is_string()) {
      EXPECT_TRUE(model::parse_rfc3339(value.as_string())) << place << " is " << json::serialize(value);
    }
    if (const auto* items = value.if_array()) {
      for (const json::value& item : *items) check(schema.at("items").as_object(), item, place + "[]");
    }
    if (const auto* object = value.if_object()) check_members(schema, *object, place);
  }

  // Documented members that no answer had.
  std::set<std::string> unseen() const {
    std::set<std::string> missing;
    for (const auto& [name, schema] : api_document().at("components").at("schemas").as_object()) {
      const json::value* properties = schema.as_object().if_contains("properties");
      if (properties == nullptr) continue;
      for (const auto& property : properties->as_object()) {
        if (!seen_.contains(&property.value()))
          missing.insert(std::string(name) + '.' + std::string(property.key()));
      }
    }
    return missing;
  }

 private:
  static bool allows(const json::value& type, const std::string& is) {
    if (type.is_string()) return type == json::value(is);
    const json::array& all = type.as_array();
    return std::find(all.begin(), all.end(), json::value(is)) != all.end();
  }

  void check_members(const json::object& schema, const json::object& object, const std::string& place) {
    const json::object& properties = schema.at("properties").as_object();
    for (const auto& [name, value] : object) {
      const auto property = properties.find(name);
      if (property == properties.end()) {
        ADD_FAILURE() << place << '.' << std::string(name) << " is not documented";
        continue;
      }
      seen_.insert(&property->value());
      check(property->value().as_object(), value, place + '.' + std::string(name));
    }
    for (const json::value& required : schema.at("required").as_array()) {
      EXPECT_TRUE(object.contains(required.as_string())) << place << " lacks " << required;
    }
  }

  std::set<const json::value*> seen_;
};

std::string method_of(const Routes::Route& route) {
  return route.method == "GET" ? "get" : "post";
}

const json::object& operation_of(const std::string& pattern, const std::string& method) {
  return api_document().at("paths").as_object().at(pattern).at(method).as_object();
}

std::string schema_type(Field::Type type) {
  switch (type) {
    case Field::Type::text:
      return "string";
    case Field::Type::flag:
      return "boolean";
    case Field::Type::texts:
      return "array";
    case Field::Type::count:
      break;
  }
  return "integer";
}

using Documented = std::set<std::string>;  // "name type", with "!" where it is required

Documented parameters(const json::object& operation, const std::string& where) {
  Documented out;
  const json::value* all = operation.if_contains("parameters");
  if (all == nullptr) return out;
  for (const json::value& each : all->as_array()) {
    const json::object& parameter = resolve(each.as_object());
    if (parameter.at("in") != json::value(where)) continue;
    out.insert(std::string(parameter.at("name").as_string()) + ' ' +
               std::string(parameter.at("schema").at("type").as_string()));
  }
  return out;
}

Documented body_members(const json::object& operation) {
  Documented out;
  const json::value* body = operation.if_contains("requestBody");
  if (body == nullptr) return out;
  const json::object& schema = body->at("content").at("application/json").at("schema").as_object();
  const json::value* required = schema.if_contains("required");
  for (const auto& [name, property] : schema.at("properties").as_object()) {
    bool must = false;
    if (required != nullptr) {
      for (const json::value& each : required->as_array()) must = must || each == json::value(name);
    }
    out.insert(std::string(name) + ' ' + std::string(property.at("type").as_string()) + (must ? "!" : ""));
  }
  return out;
}

Documented of(const std::vector<Field>& fields) {
  Documented out;
  for (const Field& field : fields) {
    out.insert(field.name + ' ' + schema_type(field.type) + (field.required ? "!" : ""));
  }
  return out;
}

Documented places_of(const std::string& pattern) {
  Documented out;
  for (std::size_t at = 0; (at = pattern.find('{', at)) != std::string::npos;) {
    const std::size_t end = pattern.find('}', at);
    out.insert(pattern.substr(at + 1, end - at - 1) + " string");
    at = end;
  }
  return out;
}

class DocumentTest : public ApiTest {
 protected:
  // An answer to `path` is as documented for `pattern`.
  void check_get(const std::string& pattern, const std::string& path) {
    check(operation_of("/api/v1/" + pattern, "get"), get(path), path);
  }
  void check_post(const std::string& pattern, const std::string& path, const json::object& body = {}) {
    check(operation_of("/api/v1/" + pattern, "post"), post(path, body), path);
  }
  void check(const json::object& operation, const Reply& reply, const std::string& path) {
    ASSERT_EQ(reply.status, 200) << path << ": " << json::serialize(reply.body);
    const json::object& schema =
        operation.at("responses").at("200").at("content").at("application/json").at("schema").as_object();
    checker_.check(schema, reply.body, path);
  }
  void check_problem(const Reply& reply) {
    EXPECT_GE(reply.status, 400);
    checker_.check(api_document().at("components").at("schemas").at("Problem").as_object(), reply.body,
                   "a problem");
  }

  // Something of everything.
  void fill_house() {
    const model::DraftId planned = save("a.md", "a");
    store::DraftSeen broken;
    broken.path = "broken.md";
    broken.sha256 = "x";
    broken.state = model::DraftState::problem;
    broken.why = "no title";
    broken.head.author = "Ada";
    broken.problems.push_back({"broken.md", 3, 1, "no title", "write one", true});
    in_store([&](store::Store& store) { store.put_draft(broken, clock_.now()); });
    mail_ = mail_in_doubt("one", 3).text();
    publish("two");
    planning::Slot late = slot("friday", "2026-11-27", planned);
    late.obstacles.emplace_back("2 h late");
    unplanned_.push_back({planned, "b.md", "On b", "waits: status is draft"});
    plan({late, slot("monday", "2026-11-30")});
    settling_ = {{"new.md", "2026-11-24T11:59:59Z"}};
    left_ = {{"d9", "old.md", "Old", "cancelled", "cancelled; edit it"}};
    health_.stuck = {{model::DeliveryId{9}, model::PostId{9}, "Old", "mail", "failed", "550 no", "retry"}};
    health_.stuck_count = 1;
    health_.store = "well";
    health_.version = "0.1.0";
    health_.started = clock_.now();
    health_.rehearsal = "all mail goes to me@example.org";
    examination_ = {"/etc/fridayd/fridayd.toml",
                    "fridayd",
                    {{Finding::Kind::good, "state folder", ""},
                     {Finding::Kind::bad, "no folder", "make one"},
                     {Finding::Kind::note, "REHEARSAL", ""}}};
    health_.channels = {{"blog", "static_site", false, true, "fine", clock_.now(), ""},
                        {"mail", "smtp", true, false, "", {}, "nobody answered"}};
  }

  Checker checker_;
  std::string mail_;
};

TEST_F(DocumentTest, EachRouteIsDescribedWithAllThatItTakesAndNoneIsMadeUp) {
  Documented served;
  for (const Routes::Route& route : Routes(house()).list()) {
    const std::string name = route.method + ' ' + route.pattern;
    served.insert(name);
    const auto path = api_document().at("paths").as_object().find(route.pattern);
    ASSERT_NE(path, api_document().at("paths").as_object().end()) << name;
    ASSERT_TRUE(path->value().as_object().contains(method_of(route))) << name;
    const json::object& operation = operation_of(route.pattern, method_of(route));
    EXPECT_EQ(operation.at("summary"), json::value(route.summary)) << name;
    EXPECT_EQ(parameters(operation, "path"), places_of(route.pattern)) << name;
    EXPECT_EQ(parameters(operation, "query"), route.method == "GET" ? of(route.fields) : Documented())
        << name;
    EXPECT_EQ(body_members(operation), route.method == "POST" ? of(route.fields) : Documented()) << name;
    const Documented key = {"Idempotency-Key string"};
    EXPECT_EQ(parameters(operation, "header"), route.method == "POST" ? key : Documented()) << name;
  }
  Documented described;
  for (const auto& [path, methods] : api_document().at("paths").as_object()) {
    for (const auto& method : methods.as_object()) {
      described.insert((method.key() == "get" ? "GET " : "POST ") + std::string(path));
    }
  }
  EXPECT_EQ(described, served);
}

TEST_F(DocumentTest, EachAnswerIsAsDescribedAndEachDescribedMemberIsInAnAnswer) {
  fill_house();
  check_get("timeline", "timeline");
  check_get("timeline", "timeline?weeks=52");
  check_get("drafts", "drafts");
  check_get("drafts", "drafts?limit=1");
  check_get("posts", "posts");
  check_get("deliveries", "deliveries");
  check_get("channels", "channels");
  check_get("status", "status");
  check_get("doctor", "doctor");
  check_get("drafts/{name}", "drafts/d1");
  check_get("drafts/{name}", "drafts/d2");
  check_get("posts/{name}", "posts/one");
  check_get("deliveries/{id}", "deliveries/v1");
  check_get("deliveries/{id}", "deliveries/" + mail_);
  check_get("deliveries/{id}/messages", "deliveries/" + mail_ + "/messages?limit=2");
  check_post("publish", "publish", {{"draft", "d1"}, {"dry_run", true}});
  check_post("publish", "publish", {{"draft", "d1"}, {"slot", "next"}});
  for (const char* verb : {"stop", "resume", "reload", "rebuild"}) check_post(verb, verb);
  check_post("suppress", "suppress", {{"address", "x@example.org"}});
  check_post("backup", "backup", {{"file", "/tmp/b.db"}});
  check_post("send-test", "send-test", {{"draft", "d1"}, {"to", "me@example.org"}});
  check_post("skip", "skip", {{"date", "2026-11-30"}});
  check_post("drafts/{name}/hold", "drafts/d2/hold", {{"why", "ask Ola"}});
  check_get("drafts/{name}", "drafts/d2");
  check_post("drafts/{name}/unhold", "drafts/d2/unhold");
  check_post("deliveries/{id}/hold", "deliveries/v3/hold", {{"why", "a typo"}});
  check_post("deliveries/{id}/unhold", "deliveries/v3/unhold");
  check_post("posts/{name}/hold", "posts/two/hold");
  check_post("posts/{name}/unhold", "posts/two/unhold");
  check_post("deliveries/{id}/cancel", "deliveries/v3/cancel");
  check_post("posts/{name}/cancel", "posts/two/cancel");
  const std::string message(get("deliveries/" + mail_).body.at("uncertain").at(0).at("id").as_string());
  check_post("messages/{delivery}/{subscriber}/settle", "messages/" + message + "/settle",
             {{"as", "failed"}});
  check_post("deliveries/{id}/retry", "deliveries/" + mail_ + "/retry");
  in_store([&](store::Store& store) { store.hold(model::DeliveryId{1}, "wait", clock_.now()); });
  check_post("posts/{name}/retry", "posts/one/retry");
  check_get("log", "log");
  check_get("log", "log?item=v3&limit=1");
  check_problem(get("drafts/none"));
  check_problem(post("publish"));
  check_problem(get("stop"));
  EXPECT_THAT(checker_.unseen(), IsEmpty());
}

TEST_F(DocumentTest, ADeliveryInDoubtIsSettledAsDescribed) {
  const std::string mail = mail_in_doubt("one", 1).text();
  check_post("deliveries/{id}/settle", "deliveries/" + mail + "/settle", {{"as", "accepted"}});
}

}  // namespace
}  // namespace admin
