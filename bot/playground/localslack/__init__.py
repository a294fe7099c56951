"""A local Slack: a server with Slack's Web API, Socket Mode and a web page, closed to other machines and other pages.

The workspace is a course of two teams; its ids below are what the bot's settings are written with.
"""

import contextlib
import http
import http.client
import json
import os
import platform
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot.playground.processes import Processes
from bot.playground.tools import cache_folder, npm

VERSION = "0.1.8"
ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
START_SECONDS = 20.0

BOT = "U0TIMONIER"
RED_STUDENT, BLUE_STUDENT, TRAINER = "U0CAMILLE", "U0MALIK", "U0TRAINER"
COURSE, SANDBOX, TRAINERS, RED, BLUE = "C0COURS", "C0BAC", "C0TRAINERS", "C0ROUGE", "C0BLEUE"
PEOPLE = {
    RED_STUDENT: ("camille", "Camille Durand (équipe rouge)"),
    BLUE_STUDENT: ("malik", "Malik Bensaïd (équipe bleue)"),
    TRAINER: ("dominique", "Dominique Martin (formatrice)"),
}
CHANNELS = {
    COURSE: ("cours-kubernetes", [*PEOPLE]),
    SANDBOX: ("bac-a-sable", [*PEOPLE]),
    TRAINERS: ("formateurs", [TRAINER]),
    RED: ("equipe-rouge", [RED_STUDENT, TRAINER]),
    BLUE: ("equipe-bleue", [BLUE_STUDENT, TRAINER]),
}


class LocalSlackFailed(RuntimeError):
    """The local Slack cannot be fetched or does not start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class LocalSlack:
    """A running one: ``url`` is the page's. Its tokens are new at each start."""

    port: int
    bot_token: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(16)}")
    app_token: str = field(default_factory=lambda: f"xapp-{secrets.token_hex(16)}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def post(self, channel: str, text: str) -> None:
        """Says something as the bot."""
        headers = {"Authorization": f"Bearer {self.bot_token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", "/api/chat.postMessage", json.dumps({"channel": channel, "text": text}), headers)
            connection.getresponse().read()
        finally:
            connection.close()


def fetch() -> Path:
    """The program, from the cache folder or by npm; raises LocalSlackFailed."""
    architecture = ARCHITECTURES.get(platform.machine().lower())
    if sys.platform != "linux" or architecture is None:
        raise LocalSlackFailed("The playground's Slack runs on Linux only (x86-64 or ARM 64): use a virtual machine.")
    package = f"local-slack-linux-{architecture}"
    folder = cache_folder() / f"{package}-{VERSION}"
    if not folder.exists():
        _install(f"{package}@{VERSION}", folder)
    return folder / "node_modules" / package / "bin" / "local-slack"


def start(processes: Processes, folder: Path, port: int) -> LocalSlack:
    """Starts it on 127.0.0.1 and waits until its page answers; ``folder`` takes its configuration and files.

    Raises ProcessDied or LocalSlackFailed.
    """
    slack = LocalSlack(port)
    config = folder / "slack.yaml"
    config.touch(mode=0o600)
    config.write_text(yaml.safe_dump(_workspace(slack), allow_unicode=True))
    flags = ("--config", config, "--port", str(port), "--base-host", "127.0.0.1", "--files-dir", folder / "files")
    # Relative, since BUN_OPTIONS is split at spaces; and Bun reads an .env file where it starts, so it starts here.
    env = {**os.environ, "BUN_OPTIONS": "--preload=./preload.js"}
    processes.start("local-slack", fetch(), *flags, env=env, cwd=Path(__file__).parent)
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        processes.check()
        if time.monotonic() > deadline:
            raise LocalSlackFailed(f"The local Slack does not answer; its log is {processes.log('local-slack')}.")
        time.sleep(0.05)
    return slack


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _install(package: str, folder: Path) -> None:
    with TemporaryDirectory(prefix=".installing-", dir=folder.parent) as name:
        command = [*npm(), "install", "--prefix", name, "--ignore-scripts", "--no-audit", "--no-fund", package]
        installed = subprocess.run(command, capture_output=True, text=True, check=False)
        if installed.returncode:
            raise LocalSlackFailed(f"npm could not fetch {package}:\n{installed.stderr.strip()}")
        with contextlib.suppress(FileExistsError, OSError):  # someone else was faster
            Path(name).rename(folder)
            Path(name).mkdir()


def _workspace(slack: LocalSlack) -> dict[str, object]:
    app = {
        "appId": "A0TIMONIER",
        "botUserId": BOT,
        "botName": "timonier",
        "botToken": slack.bot_token,
        "appToken": slack.app_token,
        "signingSecret": secrets.token_hex(16),
        "mode": "socket",
    }
    users = [{"id": id_, "name": name, "real_name": real, "tz": "Europe/Paris"} for id_, (name, real) in PEOPLE.items()]
    channels = [{"id": id_, "name": name, "members": [*who, BOT]} for id_, (name, who) in CHANNELS.items()]
    messages = [
        {
            "id": f"D0{id_[2:]}",
            "name": name,
            "is_im": True,
            "is_channel": False,
            "is_private": True,
            "members": [id_, BOT],
        }
        for id_, (name, _) in PEOPLE.items()
    ]
    return {
        "workspace": {"name": "Cours Kubernetes", "domain": "cours-kubernetes", "teamId": "T0COURS"},
        "apps": [app],
        "users": users,
        "channels": [*channels, *messages],
    }
