// The API's routes over the House: parse, ask, format. Knows HTTP only as a method, a path and a body, so
// that the same table serves the control socket and any other listener.
//
// Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "admin/house.h"

namespace admin {

struct Request {
  std::string method;
  std::string path;                          // decoded, without the query
  std::map<std::string, std::string> query;  // decoded
  boost::json::object body;                  // POST: {} where none was sent
  std::string who;                           // who asks, for the audit
  std::string idempotency_key;               // POST: the same key within a day is the same request
  // Keeps an answer under that key, in the transaction that it is called in; empty: there is none.
  std::function<void(store::Store&, const boost::json::object&)> keep{};

  Caller caller() const { return {who, keep}; }
};

// What goes out bit by bit for as long as the client stays. One thread at a time.
class Stream {
 public:
  virtual ~Stream() = default;
  // What happened since the last call, as it goes out; empty: nothing. Does not wait. Throws StoreFailure.
  virtual std::string next() = 0;
};

struct Response {
  int status = 200;
  boost::json::value body;
  std::string allow{};               // 405: the methods that the path has
  std::shared_ptr<Stream> stream{};  // in place of the body
};

// A parameter in a GET's query, or a member of a POST's body.
struct Field {
  enum class Type { text, flag, texts, count };
  std::string name;
  Type type = Type::text;
  bool required = false;
};

class Replays;

class Routes {
 public:
  explicit Routes(House house);
  ~Routes();
  // The handlers know their table.
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  // Never throws: what goes wrong is a Problem Details body. Unknown paths are 404, unknown methods on
  // known paths 405; a field that a route does not know, or of another type, is 400 and nothing is done.
  Response handle(const Request& request) const;

  struct Route {
    std::string method;
    std::string pattern;  // "/api/v1/deliveries/{id}"
    std::string summary;
    std::vector<Field> fields;
  };
  std::vector<Route> list() const;

 private:
  using Parts = std::vector<std::string>;  // what stood in the place of each {...}
  using Handle = std::function<Response(const Request&, const Parts&)>;
  struct Handler {
    Route route;
    std::vector<std::string> segments;
    std::optional<std::size_t> wide;  // the segment that takes several, slashes included
    bool acts_elsewhere = false;      // its effect is not in the store: nobody can tell whether it was done
    Handle handle;
  };
  // "{name...}" takes one segment or more.
  void add(const std::string& method, std::string pattern, const std::string& summary,
           std::vector<Field> fields, Handle handle);
  void add_reads();
  void add_item_reads();
  void add_house_verbs();
  void add_draft_verbs();
  void add_item_verbs();
  static bool matches(const Handler& handler, const Parts& segments, Parts& parts);
  Response run(const Handler& handler, const Request& request, const Parts& parts) const;

  House house_;
  std::vector<Handler> handlers_;
  std::unique_ptr<Replays> replays_;
};

Response problem(int status, const std::string& title, const std::string& detail);

}  // namespace admin
