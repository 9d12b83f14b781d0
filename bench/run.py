"""Runs the benches that are named, all without a name, and prints one table. scripts/bench calls it."""

import importlib
import os
import sys

from report import show

BENCHES = ["render", "daemon", "mail", "intake"]


def main():
    build, names = sys.argv[1], sys.argv[2:] or BENCHES
    rows = []
    for name in names:
        print(f"{name} ...", file=sys.stderr)
        rows += importlib.import_module(name).run(build)
    if os.getloadavg()[0] > 1:
        print(f"other work ran on this machine (load {os.getloadavg()[0]:.1f}): wall times are longer than they need be")
    show(rows)
    return 0 if all(row.met() for row in rows) else 1


sys.exit(main())
