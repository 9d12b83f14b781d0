"""A 600-word post, from Markdown to a page: what render_bench says, in CPU time."""

import json
import statistics
import subprocess
from pathlib import Path

from report import Row

WANTED = {"MarkdownAndPage": 25}
WORDS = {
    "MarkdownToHtml": "600 words: Markdown to HTML",
    "PageTemplate": "600 words: page template",
    "MarkdownAndPage": "600 words: Markdown and page template",
    "WholeEdition": "600 words: edition for blog and mail (HTML twice, text, excerpt)",
}


def run(build):
    out = subprocess.run([Path(build) / "render_bench", "--benchmark_format=json", "--benchmark_repetitions=9",
                          "--benchmark_min_time=0.2", "--benchmark_enable_random_interleaving=true"],
                         check=True, capture_output=True, text=True).stdout
    times = {}
    for each in json.loads(out)["benchmarks"]:
        if each["run_type"] == "iteration":
            times.setdefault(each["run_name"], []).append(each["cpu_time"] / 1000)
    return [Row(words, statistics.median(times[name]), "us", most=WANTED.get(name))
            for name, words in WORDS.items()]
