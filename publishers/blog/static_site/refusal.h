// What goes wrong inside a static site, as the receipt that its port owes.
#pragma once

#include <stdexcept>
#include <system_error>

#include "publishers/receipt.h"
#include "templates/template_set.h"

namespace publishers::static_site {

// A refusal that trying again unchanged won't overcome, with its words for people.
class Refusal : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What went wrong in `work` as a receipt. An exception of any other type is a bug, and passes.
template <class Work>
Receipt receipt_of(Work work) {
  try {
    return work();
  } catch (const std::system_error& error) {
    return Receipt::failed(Outcome::deferred, Fault::local, error.what());
  } catch (const Refusal& refusal) {
    return Receipt::failed(Outcome::rejected, Fault::permanent_content, refusal.what());
  } catch (const templates::TemplateError& error) {
    return Receipt::failed(Outcome::rejected, Fault::permanent_content, error.what());
  } catch (const std::runtime_error& error) {
    return Receipt::failed(Outcome::rejected, Fault::local, error.what());
  }
}

}  // namespace publishers::static_site
