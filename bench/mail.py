"""Personal mails of about 10 kB to Postfix's smtp-sink: fridayd beside smtp-source and nodemailer.

CPU is user and system time of the sending process alone. For fridayd it is told twice: with all that a mailing
costs (the post rendered, the list read and fixed, then sent), and for the sending alone, which is merge, ledger
(synchronous=FULL), gate and SMTP client. smtp-source and nodemailer send the same bytes to everybody, read no
list and remember nothing: the ratios are of the sending.
"""

import os
import pwd
import socket
import statistics
import subprocess
import time
from pathlib import Path

from report import Row
from trial import Trial, wait_for

MAILS = 20_000
PEER_MAILS = 5_000  # nodemailer's; its cost per mail does not depend on their number
CONNECTIONS = 32
ROUNDS = 3
SIZE = 10_240
PARAGRAPHS = 6  # of post.md, which make a mail of about SIZE

CHANNEL = """
[channels.mail]
kind = "smtp"
host = "127.0.0.1"
port = {port}
tls = "none"
connections = {connections}
from = "Example Weekly <weekly@example.org>"
why = "You get this because you signed up at example.org."
postal_address = "Example Ltd, 1 Example Street, Example Town"
unsubscribe = "https://example.org/leave?who={{{{address|}}}}"
recipients = "recipients.csv"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tool(name):
    places = ["/usr/sbin", "/usr/lib/postfix/sbin"]
    return next(path for place in places if os.access(path := f"{place}/{name}", os.X_OK))


def sink(port, *more):
    # Started by root, smtp-sink wants an account to become.
    user = ["-u", pwd.getpwnam("nobody").pw_name] if os.getuid() == 0 else []
    process = subprocess.Popen([tool("smtp-sink"), *user, *more, f"127.0.0.1:{port}", "1024"])

    def listening():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_for("smtp-sink", listening, 10)
    return process


def by_fridayd(trial, number, post):
    """Microseconds of CPU a mail while sending, the same in all, and mails a second."""
    slug = f"round-{number}"
    (trial.drafts / f"{slug}.md").write_text(f"# Round {number}\n\nHello {{{{name|there}}}},\n\n{post}")
    wait_for(slug, lambda: f"Round {number}" in trial.titles(), 60)
    before, began = trial.cpu(), time.monotonic()
    trial.ask("POST", "/api/v1/publish", {"draft": slug, "channels": ["mail"]})
    newest = trial.ask("GET", "/api/v1/deliveries?limit=1")["items"][0]["id"]

    def counts():
        return trial.ask("GET", f"/api/v1/deliveries/{newest}")["messages"]

    # The list is fixed in one step: the first look that sees it also sees how many have gone by then.
    fixed = wait_for("the list", lambda: (c := counts())["total"] == MAILS and c, 60, pause=0.02)
    sending, gone = trial.cpu(), fixed["accepted"]
    wait_for("the mailing", lambda: counts()["accepted"] == MAILS, 300, pause=0.5)
    cpu, took = trial.cpu(), time.monotonic() - began
    return (cpu - sending) * 1e6 / (MAILS - gone), (cpu - before) * 1e6 / MAILS, MAILS / took


def by_smtp_source(port):
    before = os.times()
    began = time.monotonic()
    subprocess.run([tool("smtp-source"), "-d", "-l", str(SIZE), "-s", str(CONNECTIONS), "-m", str(MAILS), "-f",
                    "weekly@example.org", "-t", "reader@example.org", f"inet:127.0.0.1:{port}"], check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu * 1e6 / MAILS, MAILS / (time.monotonic() - began)


def by_nodemailer(build, port, message):
    began = time.monotonic()
    out = subprocess.run(["node", Path(__file__).with_name("nodemailer.mjs"), Path(build) / "node_modules", str(port),
                          str(PEER_MAILS), str(CONNECTIONS), message], check=True, capture_output=True, text=True)
    return float(out.stdout) / PEER_MAILS, PEER_MAILS / (time.monotonic() - began)


def one_message(trial, post):
    """A mail as fridayd sends it, to learn its size and for nodemailer to send."""
    draft = trial.folder / "one.md"
    draft.write_text(f"# Round 1\n\nHello {{{{name|there}}}},\n\n{post}")
    message = trial.folder / "one.eml"
    subprocess.run([trial.build / "fridayctl", "--config", trial.folder / "fridayd.toml", "preview", draft, "--channel",
                    "mail", "--format", "eml", "-o", message], check=True, capture_output=True)
    return message


def run(build):
    port = free_port()
    whole = Path(__file__).with_name("post.md").read_text()
    post = "\n\n".join(whole.split("\n\n")[:PARAGRAPHS]) + "\n"
    server = sink(port)
    rounds = []
    try:
        with Trial(build, CHANNEL.format(port=port, connections=CONNECTIONS), settle_ms=20) as trial:
            rows = (f"reader{i}@example.org,Reader {i},Company {i}" for i in range(MAILS))
            list_file = trial.folder / "recipients.csv"
            list_file.write_text("address,name,company\n" + "\n".join(rows) + "\n")
            # A list that was written just now is read later.
            os.utime(list_file, (0, 0))
            trial.start()
            message = one_message(trial, post)
            size = message.stat().st_size
            for number in range(1, ROUNDS + 1):
                rounds.append((by_smtp_source(port), by_fridayd(trial, number, post),
                               by_nodemailer(build, port, message)))
            most = trial.memory("VmHWM")
    finally:
        server.terminate()
        server.wait()
    source, ours, node = ([round[i][0] for round in rounds] for i in range(3))
    return [
        Row("mail: size of one as sent by fridayd and nodemailer", size, "bytes", digits=0),
        Row("mail: CPU each, fridayd, sending", statistics.median(ours), "us"),
        Row("mail: CPU each, fridayd, with rendering and the list", statistics.median(r[1][1] for r in rounds), "us"),
        Row("mail: CPU each, smtp-source", statistics.median(source), "us"),
        Row("mail: CPU each, nodemailer", statistics.median(node), "us"),
        Row("mail: fridayd's CPU / smtp-source's", statistics.median(a / b for a, b in zip(ours, source)), "", most=0.6,
            digits=2),
        Row("mail: nodemailer's CPU / fridayd's", statistics.median(a / b for a, b in zip(node, ours)), "", least=10),
        Row("mail: a second (wall), fridayd", statistics.median(r[1][2] for r in rounds), "", digits=0),
        Row("mail: a second (wall), smtp-source", statistics.median(r[0][1] for r in rounds), "", digits=0),
        Row("mail: the most memory (VmHWM)", most, "MiB"),
    ]
