"""``timonier playground``: a local Slack and the bot at once, then a real cluster, until Ctrl-C."""

import contextlib
import fcntl
import http.client
import json
import os
import select
import shutil
import signal
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import IO, NoReturn

from rich.console import Console

from bot.language import Lang, Text
from bot.playground import localslack
from bot.playground.controlplane import (
    USUAL_SECONDS,
    BuildFailed,
    ControlPlane,
    NoCluster,
    StartTimeout,
    ToolFailed,
    binaries,
    build,
)
from bot.playground.installation import (
    RED,
    REPOSITORY,
    BotAccount,
    bot_config,
    install_chart,
    seed_sandbox,
    seed_teams,
)
from bot.playground.own import NotAgreed, OwnCluster, agree
from bot.playground.preparation import preparing, replace_text
from bot.playground.processes import ProcessDied, Processes, free_ports, is_free
from bot.playground.tools import cache_folder

DEFAULT_PORT = 3000
WARM_SECONDS = 10
BOT_SECONDS = 30.0

FAILURES = (
    BuildFailed,
    NoCluster,
    NotAgreed,
    ProcessDied,
    StartTimeout,
    ToolFailed,
    localslack.LocalSlackFailed,
)

CHAT = Text("démarrage du Slack local et du bot", "starting the local Slack and the bot")
START = Text("démarrage de Kubernetes", "starting Kubernetes")
REACH = Text("connexion à votre cluster", "reaching your cluster")
INSTALL = Text("installation du chart", "installing the chart")
SEED = Text("premiers déploiements", "first deployments")

TAKEN = Text("Le port {taken} est pris : ce sera le {port}.", "Port {taken} is taken: it will be {port}.")
PAGE = Text("Page : {url}  (Ctrl-C arrête tout ; journaux : {logs})", "Page: {url}  (Ctrl-C stops all; logs: {logs})")
READY = Text("Tout est prêt, {seconds:.0f} s après la commande.", "All is ready, {seconds:.0f} s after the command.")
STOPPED = Text("Tout est arrêté.", "All is stopped.")
WELCOME = f"""\
*Bienvenue !* Trois choses à essayer ; en haut à droite, choisissez qui vous êtes.
1. une question sur le cours : `@timonier comment lister les pods ?`
2. dans <#{localslack.SANDBOX}> : `/k8s get pods`
3. en tant que Dominique, la formatrice : `/k8s scale deployment demonstration --replicas=5 -n {RED}`
_In English: ask `@timonier how do I list the pods?`, then type `/k8s help`._"""
ANNOUNCEMENT = """\
Le bac à sable est prêt : un vrai Kubernetes, où seuls les conteneurs sont joués. Essayez `/k8s get pods`.
_The sandbox is ready: a real Kubernetes, where only the containers are played. Try `/k8s get pods`._"""

OWN_ANNOUNCEMENT = """\
Le bac à sable est prêt, sur votre cluster. Essayez `/k8s get pods`.
_The sandbox is ready, on your cluster. Try `/k8s get pods`._"""


def main(port: int = DEFAULT_PORT, kubeconfig: Path | None = None, *, agreed: bool = False) -> None:
    """``kubeconfig``: an administrator's, of the cluster to install on once its owner ``agreed``; without it, on ours.

    Runs until Ctrl-C, SIGTERM or the terminal's end, and leaves no process; on errors exits with 1 and a word."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    lang: Lang = "fr" if spoken.startswith("fr") else "en"
    console = Console(highlight=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell lets its background ignore SIGINT
        signal.signal(number, _interrupt)
    _watch_terminal()
    try:
        if kubeconfig and not agreed:
            agree(kubeconfig, lang, console)
        _run(port, kubeconfig, lang, console, time.monotonic())
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):  # the terminal may be gone
            console.print(STOPPED[lang])
    except FAILURES as error:
        sys.exit(f"timonier playground: {error}")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _watch_terminal() -> None:
    """The terminal's end is told to the session's leader alone: where that is make, it tells nobody."""

    def wait() -> None:
        hang_up = select.poll()
        hang_up.register(0, 0)
        hang_up.poll()
        os.kill(os.getpid(), signal.SIGHUP)

    if os.isatty(0):
        Thread(target=wait, daemon=True).start()


def _run(wanted: int, kubeconfig: Path | None, lang: Lang, console: Console, started: float) -> None:
    with ExitStack() as stack:
        port, folder = stack.enter_context(_reserve_port(wanted))
        if port != wanted:
            console.print(TAKEN.format(taken=wanted, port=port)[lang])
        plane = _plane(kubeconfig, folder / "cluster", lang)
        account = BotAccount(plane.cluster, folder)
        chat = stack.enter_context(Processes(folder))
        status = folder / "preparing.json"
        usually = WARM_SECONDS if plane.cluster.binaries.exists() else USUAL_SECONDS + WARM_SECONDS
        with preparing(status, usually, lang, console) as report:
            report(CHAT, 0)
            slack = localslack.start(chat, folder, port)
            _start_bot(chat, slack, account, status, folder)
            slack.post(localslack.COURSE, WELCOME)
            console.print(PAGE.format(url=slack.url, logs=folder)[lang], markup=False, soft_wrap=True)
            _open_page(slack.url)
            if not plane.cluster.binaries.exists():
                build(report)
            report(REACH if kubeconfig else START, 0.96)
            cluster = stack.enter_context(plane)
            report(INSTALL, 0.97)
            if isinstance(plane, OwnCluster):
                stack.callback(console.print, plane.how_to_remove(), markup=False, soft_wrap=True)
            install_chart(cluster, slack, folder)
            account.renew()
            report(SEED, 0.99)
            seed_teams(cluster) if kubeconfig else seed_sandbox(cluster)
        slack.post(localslack.SANDBOX, OWN_ANNOUNCEMENT if kubeconfig else ANNOUNCEMENT)
        console.print(READY.format(seconds=time.monotonic() - started)[lang])
        while True:
            time.sleep(1)
            chat.check()
            plane.check()
            with contextlib.suppress(ToolFailed):  # it has forty minutes for another try
                account.renew()


def _plane(kubeconfig: Path | None, folder: Path, lang: Lang) -> ControlPlane | OwnCluster:
    return OwnCluster(kubeconfig, folder, lang) if kubeconfig else ControlPlane(binaries(), folder)


@contextmanager
def _reserve_port(wanted: int) -> Iterator[tuple[int, Path]]:
    """The first free port from ``wanted`` on, and a folder that is ours alone; the folder stays after an error."""
    for port in range(wanted, wanted + 100):
        folder = cache_folder() / f"playground-{port}"
        with folder.with_suffix(".lock").open("w") as lock:
            if not (_locked(lock) and is_free(port)):
                continue
            shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
            folder.mkdir(mode=0o700)
            try:
                yield port, folder
            except KeyboardInterrupt:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return
    raise OSError(f"no free port between {wanted} and {wanted + 99}")


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_bot(
    processes: Processes, slack: localslack.LocalSlack, account: BotAccount, status: Path, folder: Path
) -> None:
    """Starts it and waits until it hears what is said in Slack."""
    config = folder / "config.yaml"
    replace_text(config, bot_config())
    (port,) = free_ports(1)
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "KUBECONFIG": str(account.kubeconfig),
        "DATABASE_URL": f"sqlite:///{folder / 'timonier.db'}",
        "PORT": str(port),
        "TIMONIER_HOST": "127.0.0.1",
        "TIMONIER_CONFIG": str(config),
        "TIMONIER_PREPARING": str(status),
    }
    processes.start("bot", sys.executable, "-m", "bot", "serve", env={**os.environ, **settings}, cwd=REPOSITORY)
    deadline = time.monotonic() + BOT_SECONDS
    while not _hears_slack(port):
        processes.check()
        if time.monotonic() > deadline:
            raise StartTimeout(f"the bot does not reach the local Slack; its log is {processes.log('bot')}")
        time.sleep(0.05)


def _hears_slack(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return bool(json.loads(connection.getresponse().read())["slack"] == "ok")
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return False
    finally:
        connection.close()


def _open_page(url: str) -> None:
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(url)
