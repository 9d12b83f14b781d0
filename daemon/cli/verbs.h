// The verbs of fridayctl, by family; each returns the exit code.
#pragma once

#include "cli/client.h"
#include "cli/options.h"

namespace cli {

int view(const Client& client,
         const Options& options);  // timeline drafts posts deliveries channels log status
int deliveries(const Client& client, const Options& options);
int log(const Client& client, const Options& options);
int act(const Client& client,
        const Options& options);  // hold unhold cancel retry settle skip stop resume ...
int publish(const Client& client, const Options& options);

// Offline: these need no daemon.
int check(const Options& options);
int preview(const Options& options);
int next(const Options& options);
int doctor(const Options& options);

}  // namespace cli
