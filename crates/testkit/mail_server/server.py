"""A real mail server (aiosmtpd) for tests: takes mails on ports of its own, answers as it is told on standard input, and
tells on standard output what it was sent, read by Python's own MIME parser."""

import asyncio
import base64
import email
import email.policy
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

HOST = "127.0.0.1"
USER, PASSWORD = b"ayni@example.com", b"correct horse"


def tell(**what):
    print(json.dumps(what), flush=True)


def read(content):
    """What a mail client makes of the bytes."""
    message = email.message_from_string(content.decode(), policy=email.policy.SMTPUTF8)
    parts = []
    for part in message.walk():
        if part.is_multipart():
            continue
        body = part.get_content()
        parts.append(
            {
                "content_type": part.get_content_type(),
                "file": part.get_filename() or "",
                "text": body if isinstance(body, str) else base64.b64encode(body).decode(),
            }
        )
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "name": message["to"].addresses[0].display_name,
        "address": message["to"].addresses[0].addr_spec,
        "defects": [str(defect) for part in message.walk() for defect in part.defects],
        "parts": parts,
    }


class Desk:
    """Takes mails, and answers the next ones as the script says."""

    def __init__(self):
        self.script = {"rcpt": [], "data": []}
        self.under_way, self.at_once = 0, 0

    def take(self, step):
        return self.script[step].pop(0) if self.script[step] else None

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply = self.take("rcpt")
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.under_way += 1
        self.at_once = max(self.at_once, self.under_way)
        try:
            return await self.answer(server, session, envelope)
        finally:
            self.under_way -= 1

    async def answer(self, server, session, envelope):
        reply = self.take("data")
        if reply == "hang":
            await asyncio.Event().wait()
        if reply == "hang up":
            server.transport.abort()
            return "421 gone"
        if reply and reply != "take and hang up":
            return reply
        tell(
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            raw=base64.b64encode(envelope.content).decode(),
            is_encrypted=session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            login=session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else "",
            at_once=self.at_once,
            **read(envelope.content),
        )
        if reply:
            server.transport.abort()
        return "250 taken"


class Server(SMTP):
    """Hangs up in the middle of a mail where the script says so."""

    async def smtp_DATA(self, arg):
        script = self.event_handler.script["data"]
        if script and script[0] == "hang up in the middle":
            script.pop(0)
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def authenticator(server, session, envelope, mechanism, data):
    is_right = data == LoginPassword(login=USER, password=PASSWORD)
    return AuthResult(success=is_right, handled=True, auth_data=data) if is_right else AuthResult(success=False, handled=False)


def certificate(folder):
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost "
        "-addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE "
        "-keyout key.pem -out certificate.pem",
        shell=True,
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


async def serve(folder):
    desk, context, loop = Desk(), certificate(folder), asyncio.get_running_loop()
    usual = {"hostname": "mail.example.com", "enable_SMTPUTF8": True}
    login = {"auth_required": True, "authenticator": authenticator, **usual}
    ways = {
        "plain": (usual, None),
        "starttls": ({"tls_context": context, "require_starttls": True, **login}, None),
        "login": ({"tls_context": context, "require_starttls": True, "auth_exclude_mechanism": ["PLAIN"], **login}, None),
        # aiosmtpd does not count TLS from the first byte.
        "tls": ({"auth_require_tls": False, **login}, context),
        "ascii": ({"hostname": "mail.example.com"}, None),
    }
    ports = {}
    for way, (settings, tls) in ways.items():
        server = await loop.create_server(lambda settings=settings: Server(desk, **settings), HOST, 0, ssl=tls)
        ports[way] = server.sockets[0].getsockname()[1]
    tell(ports=ports, certificate=(folder / "certificate.pem").read_text())
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    # The test that started this has ended when there is nothing more to read.
    while line := await lines.readline():
        for step, replies in json.loads(line).items():
            desk.script[step].extend(replies)
        tell(heard=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(serve(pathlib.Path(name)))
