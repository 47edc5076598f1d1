"""A real `ayni dev` for one run of tests, and a person who fills in its pages without a browser."""

import html.parser
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

import requests

START_S = 30
STOP_S = 15
REQUEST_S = 20
PORT_TRIES = 50
REDIRECTS_MAX = 5


class House:
    """Starts the gateway with its sandbox, and says what dev.json says."""

    def __init__(self):
        self.data = tempfile.mkdtemp(prefix="ayni-clients-")
        port = three_free_ports()
        self.process = subprocess.Popen(
            [os.environ["AYNI_BIN"], "dev", "--data-dir", self.data, "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.data,
        )
        try:
            self.wait(f"http://127.0.0.1:{port}/readyz")
            facts = json.loads(pathlib.Path(self.data, "dev.json").read_text(encoding="utf-8"))
        except BaseException:
            self.close()
            raise
        self.url = facts["gateway_url"]
        self.api_key = facts["api_key"]
        self.client_id = facts["oauth_client_id"]
        self.client_secret = facts["oauth_client_secret"]

    def wait(self, url):
        """Until the gateway is ready, or has ended, or takes too long."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"ayni dev ended ({self.process.returncode})")
            try:
                if requests.get(url, timeout=REQUEST_S).status_code == 200:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        raise RuntimeError("ayni dev is not ready")

    def close(self):
        """Ends it and removes its data."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.data, ignore_errors=True)


def three_free_ports():
    """The gateway takes a port, DemoBank and the portal the next two."""
    for _ in range(PORT_TRIES):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                for further in (port + 1, port + 2):
                    with socket.socket() as other:
                        other.bind(("127.0.0.1", further))
            except OSError:
                continue
            return port
    raise RuntimeError("no three neighbouring ports are free")


class Page(html.parser.HTMLParser):
    """The forms of a page with what stands in them, and its links."""

    def __init__(self, url, text):
        super().__init__()
        self.url, self.forms, self.links, self.form = url, {}, {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.form = {"action": attrs.get("action", self.url), "fields": {}}
            self.forms[attrs.get("id")] = self.form
        elif tag == "input" and self.form is not None and attrs.get("type") != "radio":
            self.form["fields"][attrs["name"]] = attrs.get("value", "")
        elif tag == "a" and "id" in attrs:
            self.links[attrs["id"]] = attrs["href"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


class Person:
    """A person's browser: cookies, forms, and where the last redirect led."""

    def __init__(self, house):
        self.house, self.session, self.page = house, requests.Session(), None

    def open(self, url):
        """Follows redirects within the gateway; gives the address where one leads elsewhere."""
        return self._follow(self.session.get(url, allow_redirects=False, timeout=REQUEST_S))

    def submit(self, form, **typed):
        """Fills in a form and sends it."""
        found = self.page.forms[form]
        url = urllib.parse.urljoin(self.page.url, found["action"])
        data = {**found["fields"], **typed}
        return self._follow(self.session.post(url, data=data, allow_redirects=False, timeout=REQUEST_S))

    def _follow(self, answer):
        for _ in range(REDIRECTS_MAX):
            if answer.status_code != 303:
                answer.raise_for_status()
                self.page = Page(answer.url, answer.text)
                return None
            to = urllib.parse.urljoin(answer.url, answer.headers["location"])
            if not to.startswith(self.house.url):
                return to
            answer = self.session.get(to, allow_redirects=False, timeout=REQUEST_S)
        raise RuntimeError("too many redirects")

    def consents(self, url, username, password):
        """Logs in at the institution, says yes, and goes back to the client."""
        self.open(url)
        self.submit("login", Username=username, Password=password)
        self.submit("yes")
        return self.open(urllib.parse.urljoin(self.page.url, self.page.links["return"]))
