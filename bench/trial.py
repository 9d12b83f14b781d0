"""A fridayd of this build in a folder of its own: started, asked, measured and stopped."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

THURSDAY = "2026-11-26T15:00:00Z"
TICKS = os.sysconf("SC_CLK_TCK")

CONFIG = """
[daemon]
state = "state"
content = "content"
control = "control.sock"
[log]
format = "text"
[content]
settle = "{settle_ms}ms"
[site]
title = "Friday"
url = "http://127.0.0.1:1"
[series.daily]
zone = "America/New_York"
schedule = "Mon,Tue,Wed,Thu,Fri,Sat,Sun 08:00"
channels = ["blog"]
[channels.blog]
kind = "static_site"
root = "site"
url = "http://127.0.0.1:1"
live_check = "file"
"""


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def wait_for(what, condition, seconds, pause=0.01):
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Trial:
    """Use it in a `with`. The clock stands at THURSDAY, two hours after that day's slot."""

    def __init__(self, build, more="", settle_ms=500):
        self.build = Path(build)
        self.config = CONFIG.format(settle_ms=settle_ms) + more
        self.process = None

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="fridayd-bench-", dir=self.build))
        self.drafts = self.folder / "content" / "drafts"
        self.drafts.mkdir(parents=True)
        self.database = self.folder / "state" / "fridayd.db"
        (self.folder / "clock").mkdir()
        (self.folder / "clock" / "now").write_text(THURSDAY + "\n")
        (self.folder / "fridayd.toml").write_text(self.config)
        return self

    def __exit__(self, kind, error, trace):
        self.stop()
        if kind is not None:
            print((self.folder / "log").read_text()[-2000:])
        shutil.rmtree(self.folder)

    def start(self):
        """Seconds from the start of the process to its READY=1."""
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.folder / "notify.sock"
        path.unlink(missing_ok=True)
        notify.bind(str(path))
        notify.settimeout(60)
        with open(self.folder / "log", "ab") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(
                [self.build / "fridayd", "--config", self.folder / "fridayd.toml", "--clock",
                 self.folder / "clock" / "now"],
                env={**os.environ, "NOTIFY_SOCKET": str(path)}, stdout=log, stderr=log)
            while b"READY=1" not in notify.recv(4096):
                pass
            took = time.monotonic() - began
        notify.close()
        return took

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None

    def ask(self, method, path, body=None):
        connection = UnixConnection(str(self.folder / "control.sock"))
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            if response.status >= 300:
                raise SystemExit(f"{method} {path}: {response.status} {answer.decode()}")
            return json.loads(answer)
        finally:
            connection.close()

    def titles(self):
        return {slot.get("title") for slot in self.ask("GET", "/api/v1/timeline")["slots"]}

    def cpu(self):
        """User and system seconds so far, as getrusage would tell, in steps of a tick (10 ms)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, key):
        """VmRSS or VmHWM in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
        raise SystemExit(f"no {key} in /proc")
