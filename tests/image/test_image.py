"""The image as the chart's pod runs it, really built from this checkout."""

import asyncio
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import bot
from bot.playground.controlplane import Cluster
from bot.playground.processes import free_ports, popen, tethered
from tests.cluster import IN_RELEASE, TEAMS
from tests.image.conftest import REPOSITORY
from tests.image.container import Container
from tests.podspec import Pod, read_pod
from tests.product.process import BotProcess
from tests.slack.fake_slack import FakeSlack

pytestmark = pytest.mark.slow
SITE_PACKAGES = "opt/timonier/lib/python3.11/site-packages"
LARGEST = 200_000_000  # bytes above the base


def test_it_answers_a_question_of_the_course(container: Container, tmp_path: Path) -> None:
    answered = container.run(tmp_path, "timonier", "ask", "comment lister les pods ?")
    assert "kubectl get pods" in answered.stdout
    assert answered.stderr == ""


def test_its_knowledge_is_sound(container: Container, tmp_path: Path) -> None:
    checked = container.run(tmp_path, "timonier", "knowledge", "check")
    assert re.fullmatch(r"\d+ entries, all sound\.\n", checked.stdout), checked.stderr


def test_it_serves_and_says_what_it_lacks(container: Container, tmp_path: Path) -> None:
    started = container.run(tmp_path, *container.config["Entrypoint"], *container.config["Cmd"])
    assert started.returncode == 1
    assert "SLACK_BOT_TOKEN: n'est pas défini / is not set" in started.stderr


def test_nobody_in_it_is_root(container: Container, tmp_path: Path) -> None:
    assert container.run(tmp_path, "id", "-u").stdout == "10001\n"


def test_nothing_can_be_written_but_the_journal_and_temporary_files(container: Container, tmp_path: Path) -> None:
    touch = 'for folder in / /opt/timonier /etc /var/lib/timonier /tmp; do touch "$folder/x" && echo "$folder"; done'
    touched = container.run(tmp_path, "sh", "-c", touch)
    assert touched.stdout.split() == ["/var/lib/timonier", "/tmp"]
    assert touched.stderr.count("Read-only file system") == 3


def test_it_holds_every_file_of_the_program_and_of_the_course(container: Container) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "bot", "knowledge"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    ours = [name for name in listed.stdout.splitlines() if (REPOSITORY / name).exists()]
    assert len(ours) > 50
    assert [name for name in ours if not (container.root / SITE_PACKAGES / name).exists()] == []


def test_nothing_in_it_was_only_needed_to_build_it(container: Container, tmp_path: Path) -> None:
    compilers = container.run(tmp_path, "sh", "-c", "command -v gcc cc c++ make git")
    assert compilers.stdout == ""
    installed = container.root / "opt/timonier"
    assert not (installed / "bin/pip").exists()
    for waste in ("tests", "*.opt-?.pyc", "pip"):
        assert list(installed.rglob(waste)) == []
    for place in ("src", "root/.cache", "opt/timonier/.cache"):
        assert not (container.root / place).exists()
    assert list((container.root / "tmp").iterdir()) == []


def test_it_is_small(container: Container) -> None:
    files = [path.lstat().st_size for path in (container.root / "opt/timonier").rglob("*") if not path.is_dir()]
    assert sum(files) < LARGEST


def test_its_labels_say_what_it_is(container: Container) -> None:
    labels = container.config["Labels"]
    said = {name: labels[f"org.opencontainers.image.{name}"] for name in ("title", "licenses", "version")}
    assert said == {"title": "Timonier", "licenses": "MIT", "version": bot.__version__}
    assert "org.opencontainers.image.description" in labels


@pytest.fixture
def pod(sandbox_cluster: Cluster) -> Iterator[Pod]:
    tokens = ("--from-literal=SLACK_BOT_TOKEN=xoxb-1", "--from-literal=SLACK_APP_TOKEN=xapp-1")
    sandbox_cluster.kubectl("create", "secret", "generic", "slack", *tokens, IN_RELEASE)
    yield read_pod(sandbox_cluster)
    sandbox_cluster.kubectl("delete", "secret", "slack", IN_RELEASE)


@pytest.mark.cluster
async def test_the_charts_pod_becomes_ready_in_it_and_acts_on_the_cluster(
    container: Container, pod: Pod, tmp_path: Path
) -> None:
    """On the real API server: what is left out of the packages would be missed here."""
    (port,) = free_ports(1)
    files = {path: _written(tmp_path / "files" / path.lstrip("/"), content) for path, content in pod.files.items()}
    env = {**pod.env, "PORT": str(port), "TIMONIER_HOST": "127.0.0.1"}
    del env["PATH"]  # the image has its own
    entrypoint, log = container.config["Entrypoint"], tmp_path / "log"
    async with FakeSlack.open() as slack:
        env["SLACK_API_URL"] = f"{slack.url}/api/"
        with log.open("wb") as out:
            command = container.command(tmp_path / "served", *entrypoint, *pod.args, env=env, files=files)
            process = popen(tethered(*command), stdout=out)
        bot = BotProcess(process, port, log, tmp_path / "served/var/lib/timonier/timonier.db")
        try:
            await bot.until_ready()
            get_pods = ("k8s", "--as=trainer", f"--namespace={TEAMS[0]}", "--", "get", "pods")
            command = container.command(tmp_path / "ran", *entrypoint, *get_pods, env=env, files=files)
            assert "demonstration-" in (await asyncio.to_thread(subprocess.check_output, command, text=True))
            assert await bot.terminate() == 0
        finally:
            bot.kill()
    assert bot.journal.exists()


def _written(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
