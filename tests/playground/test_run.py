"""`timonier playground` as a newcomer runs it, and as it ends."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from bot.playground.controlplane import build
from bot.playground.localslack import BLUE, CHANNELS, COURSE, PEOPLE, RED, RED_STUDENT, SANDBOX, TRAINER, fetch
from bot.playground.processes import free_ports, is_free
from tests.playground.processes_of import eventually, is_running, listening_addresses, programs_of

pytestmark = [pytest.mark.cluster, pytest.mark.slow]

PROGRAMS = {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "local-slack"}


@dataclass(frozen=True, slots=True)
class Playground:
    process: "subprocess.Popen[bytes]"
    output: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, words: str) -> None:
        def said() -> bool:
            assert self.process.poll() is None, self.output.read_text()
            return words in self.output.read_text()

        eventually(said, f"it does not say {words!r}", 90)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def command(self, user: str, channel: str, text: str) -> str:
        """What the bot replies to /k8s, in Slack's markup."""
        before = len(self.messages(channel))
        self.ask("POST", "/_control/command", {"channel": channel, "user": user, "command": "/k8s", "text": text})
        eventually(lambda: len(self.messages(channel)) > before, f"no reply to {text}")
        return json.dumps(self.messages(channel)[before:], ensure_ascii=False)

    def messages(self, channel: str) -> list[dict[str, Any]]:
        return list(self.ask("GET", f"/_control/messages/{channel}")["messages"])


def warm_cache(folder: Path) -> Path:
    """A cache folder of its own, which holds what was built and fetched before."""
    cache = folder / "cache" / "timonier"
    cache.mkdir(parents=True)
    for fetched in (build(), fetch().parents[3]):
        (cache / fetched.name).symlink_to(fetched)
    return cache


@contextmanager
def started(folder: Path, port: int | None = None) -> Iterator[Playground]:
    cache = warm_cache(folder)
    port = port or free_ports(1)[0]
    output = folder / "output"
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache.parent), "LC_ALL": "en_US.UTF-8"}
    command = [sys.executable, "-m", "bot", "playground", "--port", str(port)]
    with output.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environment) as process:
        try:
            yield Playground(process, output, cache / f"playground-{port}", port)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    with started(tmp_path_factory.mktemp("playground")) as playground:
        playground.wait_for("All is ready")
        yield playground


def test_it_says_where_the_page_is_and_what_it_prepares(playground: Playground) -> None:
    said = playground.output.read_text()
    assert f"Page: {playground.url} " in said
    steps = [
        "starting the local Slack",
        "starting Kubernetes",
        "installing the chart",
        "first deployments",
        "All is ready",
    ]
    assert sorted(steps, key=said.index) == steps


def test_all_of_it_listens_on_this_machine_only(playground: Playground) -> None:
    programs = programs_of(playground.folder)
    assert set(programs.values()) > PROGRAMS
    addresses = listening_addresses(set(programs))
    assert {address.partition(":")[0] for address in addresses} == {"0100007F"}
    assert len(addresses) >= len(PROGRAMS) + 1  # and the bot's probes


def test_the_newcomer_is_welcomed_and_told_once_that_the_sandbox_is_there(playground: Playground) -> None:
    assert "Trois choses à essayer" in playground.messages(COURSE)[0]["text"]
    assert sum("est prêt" in message["text"] for message in playground.messages(SANDBOX)) == 1


def test_a_student_finds_something_to_look_at(playground: Playground) -> None:
    shown = playground.command(RED_STUDENT, RED, "get pods")
    assert shown.count("Running") == 2
    assert "ImagePullBackOff" in shown


def test_a_trainer_may_scale_and_a_student_may_not(playground: Playground) -> None:
    assert "scaled" in playground.command(TRAINER, RED, "scale deployment demonstration --replicas=3")
    assert "scaled" not in playground.command(RED_STUDENT, RED, "scale deployment demonstration --replicas=4")


def test_a_taken_port_gives_way_to_the_next(playground: Playground, tmp_path: Path) -> None:
    with started(tmp_path, playground.port) as second:
        second.wait_for(f"Port {playground.port} is taken: it will be")
        second.wait_for("Page: ")
        assert f"http://127.0.0.1:{playground.port} " not in second.output.read_text()
        second.process.terminate()
        second.process.wait()


def test_commands_are_told_to_wait_while_the_cluster_is_prepared(tmp_path: Path) -> None:
    with started(tmp_path) as playground:
        playground.wait_for("Page: ")
        assert "se prépare encore" in playground.command(RED_STUDENT, RED, "get pods")
        playground.process.terminate()
        playground.process.wait()


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("Page: ", signal.SIGINT),
        ("Page: ", signal.SIGTERM),
        ("Page: ", signal.SIGHUP),
        ("Page: ", signal.SIGKILL),
        pytest.param("installing the chart", signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param("All is ready", signal.SIGINT, marks=pytest.mark.slow),
        ("All is ready", signal.SIGKILL),
    ],
)
def test_it_leaves_no_process_and_no_port(tmp_path: Path, moment: str, number: signal.Signals) -> None:
    with started(tmp_path) as playground:
        playground.wait_for(moment)
        programs = programs_of(playground.folder)
        assert "local-slack" in programs.values()
        playground.process.send_signal(number)
        status = playground.process.wait(30)
    eventually(lambda: not any(map(is_running, programs)), "something still runs")
    assert programs_of(playground.folder) == {}
    assert is_free(playground.port)
    if number != signal.SIGKILL:
        assert status == 0, playground.output.read_text()
        assert not playground.folder.exists()


def test_it_ends_with_its_terminal_though_nobody_tells_it(tmp_path: Path) -> None:
    cache = warm_cache(tmp_path)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache.parent)}
    terminal, inside = os.openpty()
    command = [sys.executable, "-m", "bot", "playground", "--port", str(free_ports(1)[0])]
    with subprocess.Popen(
        command, stdin=inside, stdout=inside, stderr=inside, env=environment, start_new_session=True
    ) as process:
        os.close(inside)
        said = b""
        while b"Page" not in said:
            said += os.read(terminal, 1000)
        os.close(terminal)
        process.wait(30)
    assert programs_of(cache) == {}


def test_it_ends_with_a_word_when_a_part_of_it_dies(tmp_path: Path) -> None:
    with started(tmp_path) as playground:
        playground.wait_for("All is ready")
        (kwok,) = (pid for pid, name in programs_of(playground.folder).items() if name == "kwok")
        os.kill(kwok, signal.SIGKILL)
        assert playground.process.wait(30) == 1
    assert "kwok ended with status -9" in playground.output.read_text()
    assert programs_of(playground.folder) == {}


@pytest.mark.browser
def test_a_question_is_typed_and_answered_in_its_thread(page: Page, playground: Playground) -> None:
    page.goto(playground.url)
    page.locator(".sidebar-item", has_text=CHANNELS[COURSE][0]).click()
    field = page.locator("main textarea")
    field.press_sequentially("@timonier ", delay=30)  # the page makes a mention of it at the space
    field.press_sequentially("comment lister les noeuds du cluster ?", delay=5)
    field.press("Enter")
    page.locator(".thread-summary").last.click()
    answer = page.locator(".thread-pane pre").first
    answer.wait_for()
    assert answer.text_content() == "kubectl get nodes"


@pytest.mark.browser
def test_a_table_is_typed_for_and_looks_like_one(page: Page, playground: Playground) -> None:
    page.goto(playground.url)
    page.get_by_label("Act as").select_option(label=PEOPLE[RED_STUDENT][1])
    page.locator(".sidebar-item", has_text=CHANNELS[RED][0]).click()
    page.locator("main textarea").press_sequentially("/k8s get pods -o wide", delay=5)
    page.locator("main textarea").press("Enter")
    table = page.locator("pre", has_text="NOMINATED NODE").last
    table.wait_for()
    header, *rows = table.evaluate("pre => pre.textContent").splitlines()
    assert len(rows) >= 3
    assert all(row[header.index("NODE") :].startswith("noeud-1") for row in rows)
    assert all(row.rstrip().endswith("<none>") for row in rows)
    assert "monospace" in table.evaluate("pre => getComputedStyle(pre).fontFamily")


@pytest.mark.browser
def test_a_command_is_built_choice_by_choice_and_run(page: Page, playground: Playground) -> None:
    page.goto(playground.url)
    page.get_by_label("Act as").select_option(label=PEOPLE[TRAINER][1])
    page.locator(".sidebar-item", has_text=CHANNELS[BLUE][0]).click()
    page.locator("main textarea").press_sequentially("/k8s ", delay=5)
    page.locator("main textarea").press("Enter")
    form = page.locator(".modal")
    for field, value, line in (
        ("Commande", "scale", "kubectl scale deployments -n equipe-bleue"),
        ("NAME —", "demonstration", "kubectl scale deployment/demonstration -n equipe-bleue"),
    ):
        form.locator(".bk-input", has_text=field).locator("select").select_option(value)
        form.locator("pre", has_text=line).wait_for()
    replicas = form.locator(".bk-input", has_text="--replicas").first.locator("input")
    replicas.fill("deux")
    form.get_by_role("button", name="Exécuter").click()
    form.locator(".modal-error", has_text="nombre entier").wait_for()
    replicas.fill("3")
    form.get_by_role("button", name="Exécuter").click()
    page.locator("pre", has_text="deployment.apps/demonstration scaled").last.wait_for()
    form.wait_for(state="detached")


@pytest.mark.browser
def test_among_many_names_one_is_searched_for(page: Page, playground: Playground) -> None:
    names = [f"reglage-{number:03}" for number in range(120)]
    things = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}} for name in names]
    admin = f"--kubeconfig={playground.folder / 'cluster' / 'admin.kubeconfig'}"
    kubectl = (build() / "kubectl", admin, "--namespace=equipe-bleue")
    room = '--patch={"spec":{"hard":{"count/configmaps":"200"}}}'
    subprocess.run([*kubectl, "patch", "quota", "sandbox", "--type=merge", room], check=True)
    many = json.dumps({"apiVersion": "v1", "kind": "List", "items": things})
    subprocess.run([*kubectl, "create", "--filename=-"], input=many, text=True, check=True)
    page.goto(playground.url)
    page.get_by_label("Act as").select_option(label=PEOPLE[TRAINER][1])
    page.locator(".sidebar-item", has_text=CHANNELS[BLUE][0]).click()
    page.locator("main textarea").press_sequentially("/k8s ", delay=5)
    page.locator("main textarea").press("Enter")
    form = page.locator(".modal")
    form.locator(".bk-input", has_text="TYPE —").locator("select").select_option(label="configmaps")
    field = form.get_by_placeholder("Tapez le début du nom")
    field.press_sequentially("10")
    page.locator("#suggestions option[value=reglage-109]").wait_for(state="attached")
    field.fill("reglage-109")
    form.locator("pre", has_text="kubectl get configmap/reglage-109 -n equipe-bleue").wait_for()
    form.get_by_role("button", name="Exécuter").click()
    page.locator("pre", has_text="reglage-109").last.wait_for()
    form.wait_for(state="detached")
