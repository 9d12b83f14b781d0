"""A real SMTP server (aiosmtpd) on 127.0.0.1 that keeps what it is given. For tests.

    mail_server.py DIR USER PASSWORD [--no-auth] [--max-size BYTES]

DIR holds server.pem and server.key. Prints "PORT TLS_PORT" once it listens: the first speaks STARTTLS, the
second is encrypted from the first byte. Ends when its standard input does.

Each message that it takes becomes a line of JSON in DIR/messages.jsonl before it is answered. Addresses
that make it answer otherwise, in any domain: rcpt-CODE@ (RCPT gets CODE), data-CODE@ (the end of the
message gets CODE, nothing is kept), lost-reply@ (kept, then cut off unanswered).
"""
import argparse
import asyncio
import base64
import json
import logging
import os
import re
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

arguments = argparse.ArgumentParser()
arguments.add_argument('dir')
arguments.add_argument('user')
arguments.add_argument('password')
arguments.add_argument('--no-auth', action='store_true')
arguments.add_argument('--max-size', type=int, default=1 << 20)
options = arguments.parse_args()
# Clients that go away in the middle are what the tests are about.
logging.disable(logging.CRITICAL)
warnings.simplefilter('ignore')


def asked_code(address, stage):
    match = re.match(stage + r'-(\d{3})@', address)
    return match.group(1) if match else None


class Keeper:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        code = asked_code(address, 'rcpt')
        if code:
            return f'{code} {code[0]}.1.1 as the test asked'
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return '250 2.1.5 ok'

    async def handle_DATA(self, server, session, envelope):
        for address in envelope.rcpt_tos:
            code = asked_code(address, 'data')
            if code:
                return f'{code} {code[0]}.6.0 as the test asked'
        self.keep(session, envelope)
        if any(address.startswith('lost-reply@') for address in envelope.rcpt_tos):
            server.transport.abort()
        return '250 2.0.0 kept'

    @staticmethod
    def keep(session, envelope):
        line = json.dumps({
            'sender': envelope.mail_from,
            'recipients': envelope.rcpt_tos,
            'options': envelope.mail_options,
            'smtputf8': bool(envelope.smtp_utf8),
            'helo': session.host_name,
            'encrypted': session.ssl is not None or session.implicit,
            'user': session.user,
            'data': base64.b64encode(envelope.original_content).decode(),
        })
        with open(os.path.join(options.dir, 'messages.jsonl'), 'a', encoding='ascii') as file:
            file.write(line + '\n')


class Server(SMTP):
    implicit = False

    def _create_session(self):
        session = super()._create_session()
        session.implicit, session.user = self.implicit, None
        return session


def authenticate(server, session, envelope, mechanism, given):
    good = (given.login, given.password) == (options.user.encode(), options.password.encode())
    session.user = options.user if good else None
    return AuthResult(success=good, handled=False)


def make(context, implicit):
    server = Server(
        Keeper(), hostname='mail.example.test', data_size_limit=options.max_size, enable_SMTPUTF8=True,
        tls_context=None if implicit else context, require_starttls=not implicit,
        authenticator=None if options.no_auth else authenticate,
        auth_required=not options.no_auth, auth_require_tls=not implicit,
        loop=asyncio.get_event_loop())
    server.implicit = implicit
    return server


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(options.dir, 'server.pem'), os.path.join(options.dir, 'server.key'))
    loop = asyncio.get_running_loop()
    plain = await loop.create_server(lambda: make(context, False), '127.0.0.1', 0)
    whole = await loop.create_server(lambda: make(context, True), '127.0.0.1', 0, ssl=context)
    print(plain.sockets[0].getsockname()[1], whole.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
