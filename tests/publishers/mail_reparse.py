"""Reads messages with Python's email package and compares them with what was put in.

Standard input: one JSON object a line, with `data` (the message in base64) and what it was made from.
Prints a line for each difference, then "N messages"; exits 1 if there was a difference.
"""

import base64
import email
import email.header
import email.policy
import email.utils
import html
import json
import quopri
import re
import sys
import urllib.parse

MOST_OCTETS = 998


def with_plain_breaks(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def value_of(field, fields):
    return fields.get(field["name"]) or field["fallback"]


def merged(pieces, fields, escape):
    """The text that `pieces` make for a recipient. A line break never spans a field and its surroundings."""
    out = ""
    literal = ""
    for piece in pieces + [None]:
        if piece and "literal" in piece:
            literal += piece["literal"]
            continue
        out += with_plain_breaks(literal)
        literal = ""
        if piece and piece["in_address"]:
            out += urllib.parse.quote(value_of(piece, fields), safe="-._~")
        elif piece:
            out += with_plain_breaks(escape(value_of(piece, fields)))
    return out


def escaped(value):
    return html.escape(value).replace("&#x27;", "&#39;")


def name_in(field):
    """The name of a mailbox field as it stands in the message.

    By the older half of the package: the newer one puts blanks between encoded words (RFC 2047 6.2 says
    none) and drops U+2028 where they meet.
    """
    name, _ = email.utils.parseaddr(field)
    return str(email.header.make_header(email.header.decode_header(name)))


class Checker:
    def __init__(self):
        self.differences = 0

    def same(self, number, what, got, wanted):
        if got == wanted:
            return
        self.differences += 1
        if self.differences <= 20:
            print(f"message {number}: {what} is {got!r}, not {wanted!r}")

    def octets(self, number, data, case):
        self.same(number, "end", data[-2:], b"\r\n")
        rest = data.replace(b"\r\n", b"")
        self.same(number, "bare CR, LF or NUL", [c for c in (b"\r", b"\n", b"\0") if c in rest], [])
        longest = max(len(line) for line in data.split(b"\r\n"))
        self.same(number, "line over 998 octets", longest > MOST_OCTETS, False)
        if not case["smtputf8"]:
            self.same(number, "8-bit octets", [c for c in data if c > 127], [])
        else:
            self.same(number, "8-bit octets only in the address",
                      [c for c in data.replace(case["address"].encode(), b"") if c > 127], [])

    def encoded_words(self, number, data):
        """Each is whole characters and no longer than RFC 2047 2 allows."""
        head = data.split(b"\r\n\r\n")[0]
        for word, kind, text in re.findall(rb"(=\?UTF-8\?([BQ])\?([^? ]*)\?=)", head):
            octets = base64.b64decode(text, validate=True) if kind == b"B" else quopri.decodestring(text, header=True)
            self.same(number, "octets of " + repr(word), octets.decode("utf-8", "replace").encode(), octets)
            self.same(number, "length of " + repr(word), len(word) <= 75, True)

    def headers(self, number, message, raw, case):
        self.same(number, "header names", message.keys(), case["headers"])
        self.same(number, "Subject", str(message["Subject"]), merged(case["subject"], case["fields"], str))
        for name, mailbox in case["mailboxes"].items():
            addresses = message[name].addresses
            self.same(number, f"{name}: addresses", len(addresses), 1)
            self.same(number, f"{name}: address", addresses[0].addr_spec, mailbox["address"])
            self.same(number, f"{name}: name", name_in(raw[name]), mailbox["name"])
        for name, text in case["texts"].items():
            self.same(number, name, str(message[name]), text)
        if "List-Unsubscribe" in message:
            wanted = "<" + merged(case["unsubscribe"], case["fields"], str) + ">"
            self.same(number, "List-Unsubscribe", str(message["List-Unsubscribe"]), wanted)
        self.same(number, "Message-ID", bool(re.fullmatch(r"<[a-z2-7]{32}@example\.org>", message["Message-ID"])), True)
        self.same(number, "Date", message["Date"].datetime.isoformat(), case["date"])

    def text_part(self, number, part, kind, wanted):
        self.same(number, f"type of {kind}", part.get_content_type(), "text/" + kind)
        self.same(number, f"charset of {kind}", part.get_content_charset(), "utf-8")
        self.same(number, f"headers of {kind}", [key for key in part.keys() if key.startswith("Content-")],
                  ["Content-Type", "Content-Transfer-Encoding"])
        got = part.get_payload(decode=True)
        self.same(number, f"line ends of {kind}", got.replace(b"\r\n", b"").count(b"\n"), 0)
        self.same(number, kind, got.decode("utf-8").replace("\r\n", "\n"), wanted)

    def image(self, number, part, case):
        image = case["image"]
        self.same(number, "type of image", part.get_content_type(), "image/png")
        self.same(number, "Content-ID", part["Content-ID"], f"<{image['cid']}>")
        self.same(number, "disposition", part.get_content_disposition(), "inline")
        self.same(number, "file name", part["Content-Disposition"].params["filename"], image["name"])
        self.same(number, "name parameter", part["Content-Type"].params["name"], image["name"])
        self.same(number, "bytes of image", part.get_payload(decode=True), base64.b64decode(image["bytes"]))

    def message(self, number, case):
        data = base64.b64decode(case["data"])
        self.octets(number, data, case)
        policy = email.policy.SMTPUTF8 if case["smtputf8"] else email.policy.SMTP
        message = email.message_from_string(data.decode("utf-8"), policy=policy)
        raw = email.message_from_string(data.decode("utf-8"), policy=email.policy.compat32)
        self.encoded_words(number, data)
        self.headers(number, message, raw, case)
        for part in message.walk():
            self.same(number, "defects", part.defects, [])
        fields = case["fields"]
        text = merged(case["text"], fields, str)
        if not case["html"]:
            self.text_part(number, message, "plain", text if case["text_ends_itself"] else text + "\n")
            return
        self.same(number, "type", message.get_content_type(), "multipart/alternative")
        first, second = message.get_payload()
        self.text_part(number, first, "plain", text)
        page = merged(case["html"], fields, escaped)
        if case["image"]:
            self.same(number, "type beside the text", second.get_content_type(), "multipart/related")
            second, image = second.get_payload()
            self.image(number, image, case)
            page = page.replace("asset:" + case["image"]["sha256"], "cid:" + case["image"]["cid"])
        self.text_part(number, second, "html", page)


def main():
    checker = Checker()
    count = 0
    for line in sys.stdin:
        count += 1
        checker.message(count, json.loads(line))
    print(f"{count} messages")
    return 1 if checker.differences else 0


sys.exit(main())
