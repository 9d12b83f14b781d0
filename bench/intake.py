"""From the close of a file to its place in the timeline, and 100 000 files at once."""

import os
import sqlite3
import statistics
import time

from report import Row
from trial import Trial, wait_for

SINGLE = 50
SETTLE_MS = 500
MANY = 100_000
ASKED = 20


def single(build):
    over = []
    with Trial(build, settle_ms=SETTLE_MS) as trial:
        trial.start()
        for number in range(SINGLE):
            title = f"Draft number {number}"
            with open(trial.drafts / f"draft-{number}.md", "w") as file:
                file.write(f"# {title}\n\nSome words.\n")
            closed = time.monotonic()
            wait_for(title, lambda: title in trial.titles(), 60, pause=0.005)
            over.append((time.monotonic() - closed) * 1000 - SETTLE_MS)
    return [
        Row(f"close of a file to timeline, beyond settle: median of {SINGLE}", statistics.median(over), "ms",
            most=200),
        Row("close of a file to timeline, beyond settle: slowest", max(over), "ms", most=200),
    ]


def taken(database):
    return database.execute("SELECT count(*) FROM draft").fetchone()[0]


def many(build):
    with Trial(build) as trial:
        trial.start()
        outside = trial.folder / "outside"
        outside.mkdir()
        for number in range(MANY):
            (outside / f"draft-{number}.md").write_text(f"# Draft number {number}\n\nSome words.\n")
        database = sqlite3.connect(f"file:{trial.database}?mode=ro", uri=True, isolation_level=None)
        before = trial.cpu()
        began = time.monotonic()
        for entry in os.scandir(outside):
            os.rename(entry.path, trial.drafts / entry.name)
        dropped = time.monotonic() - began
        wait_for("all files taken", lambda: taken(database) >= MANY, 600, pause=0.5)
        took = time.monotonic() - began
        cpu = trial.cpu() - before
        wait_for("a full timeline", lambda: any(trial.titles() - {None, ""}), 60)
        rows, paths, revisions = database.execute(
            "SELECT count(*), count(DISTINCT path), (SELECT count(*) FROM draft_revision) FROM draft").fetchone()
        database.close()
        asked = []
        for _ in range(ASKED):
            at = time.monotonic()
            trial.ask("GET", "/api/v1/timeline")
            asked.append((time.monotonic() - at) * 1000)
        return [
            Row(f"{MANY} files: moving them in", dropped, "s"),
            Row(f"{MANY} files: all taken after", took, "s", most=120),
            Row(f"{MANY} files: CPU for each", cpu * 1e6 / MANY, "us"),
            Row(f"{MANY} files: files that were not taken", MANY - paths, "", most=0, digits=0),
            Row(f"{MANY} files: taken or read twice", max(rows, revisions) - paths, "", most=0, digits=0),
            Row(f"{MANY} files: the most memory (VmHWM)", trial.memory("VmHWM"), "MiB", most=256),
            Row(f"{MANY} files: timeline then, median of {ASKED}", statistics.median(asked), "ms", most=100),
            Row(f"{MANY} files: timeline then, slowest", max(asked), "ms", most=100),
        ]


def run(build):
    return single(build) + many(build)
