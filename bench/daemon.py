"""With 10 000 published posts in the store: from start to READY, and memory at rest."""

import statistics
import subprocess
import time
from pathlib import Path

from report import Row
from trial import THURSDAY, Trial

POSTS = 10_000
STARTS = 5
REST = 5  # seconds without anything to do, before memory is read


def run(build):
    with Trial(build) as trial:
        trial.start()  # makes the store
        trial.stop()
        subprocess.run([Path(build) / "fill_store", trial.database, str(POSTS), THURSDAY[:10],
                        Path(__file__).with_name("post.md")], check=True)
        ready = []
        for _ in range(STARTS):
            trial.stop()
            ready.append(trial.start() * 1000)
        time.sleep(REST)
        rest = trial.memory("VmRSS")
        trial.titles()
        return [
            Row(f"{POSTS} posts: start to READY, median of {STARTS}", statistics.median(ready), "ms", most=300),
            Row(f"{POSTS} posts: start to READY, slowest", max(ready), "ms"),
            Row(f"{POSTS} posts: memory at rest (VmRSS)", rest, "MiB", most=25),
            Row(f"{POSTS} posts: memory after a timeline was asked for", trial.memory("VmRSS"), "MiB"),
            Row(f"{POSTS} posts: the most since the start (VmHWM)", trial.memory("VmHWM"), "MiB"),
        ]
