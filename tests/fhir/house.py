"""A demonstration server for programs, and its administrator, who lets them in."""

import contextlib
import datetime
import http.cookiejar
import json
import os
import re
import subprocess
import tempfile
import urllib.parse
import urllib.request


class Administrator:
    """Somebody at a browser."""

    def __init__(self, url, login):
        self.url = url
        # Behind a proxy cookies are for TLS alone; the way to it is short here.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        jar = http.cookiejar.CookieJar(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.csrf = self.field(self.get("/login"), "csrf")
        self.post("/login", login=login["login"], password=login["password"])
        self.csrf = self.field(self.get("/clients"), "csrf")

    def get(self, path):
        return self.opener.open(self.url + path).read().decode()

    def post(self, path, **fields):
        body = urllib.parse.urlencode({"csrf": self.csrf, **fields}).encode()
        return self.opener.open(self.url + path, body).read().decode()

    @staticmethod
    def field(page, name):
        return re.search(rf'name="{name}" value="([^"]+)"', page).group(1)

    def token(self, scopes):
        until = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
        page = self.post("/clients", name="A test", scopes=scopes, until=until)
        return re.search(r'id="client-token" value="([0-9a-f]{64})"', page).group(1)


@contextlib.contextmanager
def served(*args):
    """The server that ANNULUS_BIN names, as long as it is needed: its address and its administrator."""
    with tempfile.TemporaryDirectory() as folder:
        command = [os.environ["ANNULUS_BIN"], "serve", "--demo", "--data", folder, "--listen", "127.0.0.1:0", "--format", "json"]
        with subprocess.Popen([*command, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                ready = json.loads(server.stdout.readline())
                url = ready["url"].rstrip("/")
                login = next(one for one in ready["logins"] if one["role"] == "administrator")
                yield url, Administrator(url, login)
                assert server.poll() is None, "the server ended by itself"
            finally:
                server.terminate()
