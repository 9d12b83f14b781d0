// From the shared folder to drafts in the store: watches, waits until a file is complete, reads it, and
// commits what became of it. Events are hints; a scan at start, every minute and after a loss is the truth.
//
// Lives on the house thread. Files are touched on one worker thread, values in, values out. What it does
// to a file is begun in the store first, so that a file that ends the process is known at the third time
// and quarantined.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "config/config.h"
#include "intake/folder.h"
#include "intake/orphans.h"
#include "intake/problem_board.h"
#include "intake/reading.h"
#include "intake/settling.h"
#include "intake/slug_owners.h"
#include "intake/watch.h"
#include "model/time.h"
#include "store/store_thread.h"

namespace intake {

class Intake {
 public:
  // `changed` is called when drafts, or anything told below, may have changed.
  Intake(boost::asio::any_io_executor house, const config::Config& config, store::StoreThread& store,
         const model::Clock& clock, std::function<void()> changed);
  // For tests: another time, and the house as worker.
  Intake(boost::asio::any_io_executor house, boost::asio::any_io_executor worker,
         std::unique_ptr<runtime::Ticker> ticker, const config::Config& config, store::StoreThread& store,
         const model::Clock& clock, std::function<void()> changed);
  ~Intake();
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  // `make_folders`: where they are missing; else that is trouble until they are back.
  void start(bool make_folders = true);
  void rescan();
  // Ends all work; waits for the worker. Nothing is called back afterwards.
  void stop();
  // Limits, series, channels, owners; the place of the folder stays.
  void reconfigure(const config::Config& config);

  // --- to be told ---
  // Files that are not complete or not read yet, and since when.
  std::vector<std::pair<std::string, model::Instant>> settling(std::size_t limit = 100) const;
  const std::vector<Refusal>& refused() const { return refused_; }
  // Files that say what a post took already; they are no drafts until they say something else.
  std::vector<model::DraftId> taken() const;
  // Whether the file that this draft was read from lies there.
  bool has_file(const model::Draft& draft) const;
  // Why the folder can't be read or written, or no draft be taken from it; or "".
  const std::string& trouble() const { return trouble_; }
  // Whether the first scan is done and nothing that is complete waits to be read.
  bool up_to_date() const;
  // And no file waits to stand still.
  bool caught_up() const;

  // --- to be written ---
  // Problems that others found (two drafts for one slot), by the path in `file`; replaces those of before.
  void plan_problems(const std::vector<model::Problem>& problems);
  void show_status(std::string markdown);
  // Moves a published draft's file. `then` is called in the house.
  void put_away(PutAway post, std::function<void(Folder::Filed)> then);

 private:
  struct Known {
    model::DraftId draft;
    store::FileSignature signature;
    std::string sha256;
    int attempts = 0;
  };
  struct Loaded;  // what the store knew at start
  struct Batch;   // files that are being read
  struct Put;     // a draft on its way into the store
  struct Done;    // what became of it there

  template <class Work, class Then>
  void on_worker(Work work, Then then);

  void load(model::DraftId after);
  void loaded(Loaded loaded);
  void load_later(const store::StoreError& error);
  void begin();
  void hint(const std::string& path, Watch::Kind kind);
  void image_changed(const std::string& path);
  void look();
  void looked(const std::string& path, Watch::Kind kind, const FileRead& file);
  void present(const std::string& path, const store::FileSignature& signature, bool complete);
  void missing(const std::string& path, bool deleted);
  void start_scan();
  void scanned(Scan scan, const std::vector<std::string>& found_images);

  void tick();
  void arm();
  void bury();  // files that stayed away
  void pump();
  std::vector<ReadRequest> take_requests();
  void fetch();
  void fetched(std::vector<Fetched> files);
  bool worth_parsing(const Fetched& file);
  void note_attempts();
  void leave_alone(const Done& done);
  void parse();
  void parsed(std::vector<ReadDraft> drafts);
  Put put_of(ReadDraft draft);
  void stored(const std::vector<Done>& done);
  void batch_failed(const store::StoreError& error);
  void end_batch();
  void read_again(const std::set<std::string>& paths);
  void remember_images(const std::string& path, const std::vector<std::string>& images);
  void forget(const std::string& path);
  void note_rules();
  void show_problems(const std::string& path);
  void flush_board();

  boost::asio::any_io_executor house_;
  std::unique_ptr<boost::asio::thread_pool> pool_;
  boost::asio::any_io_executor worker_;
  std::unique_ptr<runtime::Ticker> ticker_;
  store::StoreThread& store_;
  const model::Clock& clock_;
  std::function<void()> changed_;

  std::shared_ptr<const Folder> folder_;
  std::shared_ptr<const ReadRules> rules_;
  std::chrono::milliseconds settle_;
  std::unique_ptr<Watch> watch_;

  std::unordered_map<std::string, Known> known_;
  Settling settling_;
  Orphans orphans_;
  SlugOwners slugs_;
  ProblemBoard board_;
  std::map<std::string, std::vector<model::Problem>> found_problems_;  // by path, those of reading
  std::map<std::string, std::vector<model::Problem>> plan_problems_;
  std::map<std::string, Watch::Kind> hints_;  // not looked at yet
  std::set<std::string> again_;               // to be read even if unchanged
  std::set<std::string> alone_;               // to be read one at a time: one of them may be poison
  std::set<std::string> being_filed_;
  std::map<std::string, Refusal> unreadable_;
  std::map<std::string, model::DraftId> taken_;  // by path
  std::unordered_multimap<std::string, std::string> drafts_of_image_;
  std::unordered_map<std::string, std::vector<std::string>> images_of_draft_;
  std::unique_ptr<Batch> batch_;

  std::vector<Refusal> refused_;
  std::string trouble_;
  bool ready_ = false;  // the store's knowledge is loaded
  bool looking_ = false;
  bool scanning_ = false;
  bool scan_wanted_ = false;
  bool scanned_ = false;
  bool stopped_ = false;
  std::string rules_to_note_;  // in the store, once all was read by them
  Tick next_scan_{};
  Tick last_scan_{};
  Tick retry_at_{};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace intake
