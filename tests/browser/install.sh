#!/usr/bin/env bash
# Puts Playwright and axe-core, in the versions of package-lock.json, into FOLDER/node_modules. Does nothing
# where they are already; safe to run twice at once.
#
#   tests/browser/install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
exec 9> .npm.lock
flock 9
if cmp -s "$here/package-lock.json" node_modules/.installed; then exit 0; fi
cp "$here/package.json" "$here/package-lock.json" .
npm ci --ignore-scripts --no-audit --no-fund
cp package-lock.json node_modules/.installed
