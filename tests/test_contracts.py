"""What is written in two places and must say the same; and what nobody may write."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot import __version__
from bot.settings import course

REPOSITORY = Path(__file__).parents[1]
VARIABLE = re.compile(r'"((?:SLACK|TIMONIER)_[A-Z_]+|DATABASE_URL|PORT|KUBECONFIG)"')
READS_ENVIRONMENT = re.compile(r"environ(?:\[|\.get\b)|\bgetenv\b")
FOREIGN = re.compile(
    r"(?<![\w.-])/(?:root|work|home)/\w"
    r"|\b(?:pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org|sum\.golang\.org|goproxy\.\w+)\b"
)


def read(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def variables() -> list[str]:
    return sorted(set(VARIABLE.findall(read("bot/settings/variables.py"))))


def test_there_are_variables_to_look_for() -> None:
    assert {"SLACK_BOT_TOKEN", "KUBECONFIG", "TIMONIER_CONFIG"} < set(variables())


@pytest.mark.parametrize("variable", variables())
def test_every_variable_is_explained(variable: str) -> None:
    assert f"| `{variable}` |" in read("docs/settings.md")


def test_what_the_chart_sets_is_what_is_read() -> None:
    pod = read("helm/templates/_pod.tpl")
    given = set(re.findall(r'"(SLACK_\w+)"', pod)) | set(re.findall(r"- name: ([A-Z][A-Z_]+)$", pod, re.M))
    # Read by the libraries that speak HTTPS.
    assert given - {"HTTPS_PROXY", "SSL_CERT_FILE"} <= set(variables())
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TIMONIER_CONFIG", "DATABASE_URL", "PORT"} <= given


def test_the_environment_is_read_in_one_place() -> None:
    sources = [path for path in (REPOSITORY / "bot").rglob("*.py") if "playground" not in path.parts]
    readers = {path.name for path in sources if READS_ENVIRONMENT.search(path.read_text(encoding="utf-8"))}
    assert readers == {"environment.py"}


def test_the_manifest_asks_for_one_command_and_the_bot_speaks_of_that_one() -> None:
    (command,) = yaml.safe_load(read("manifest.yaml"))["features"]["slash_commands"]
    assert command["command"] == "/k8s"
    assert not command["should_escape"]


def test_every_scope_has_its_reason() -> None:
    scopes = yaml.safe_load(read("manifest.yaml"))["oauth_config"]["scopes"]
    named = [scope for kind in scopes.values() for scope in kind]
    assert len(named) == len(set(named))
    for scope in named:
        assert re.search(rf"^ +- {re.escape(scope)} +# \S", read("manifest.yaml"), re.M), f"{scope} has no reason"


def test_the_file_that_the_settings_page_shows_is_right(tmp_path: Path) -> None:
    shown = re.search(r"```yaml\n(.*?)```", read("docs/settings.md"), re.S)
    assert shown
    (tmp_path / "config.yaml").write_text(shown[1], encoding="utf-8")
    assert course({"TIMONIER_CONFIG": str(tmp_path / "config.yaml")}).trainers.channel == "C01TRAINERS"


def test_every_event_that_the_bot_handles_is_asked_for() -> None:
    events = yaml.safe_load(read("manifest.yaml"))["settings"]["event_subscriptions"]["bot_events"]
    handled = set(re.findall(r'event\("(\w+)"\)', read("bot/slack/listeners.py")))
    assert handled | {"app_mention", "message.im"} == set(events)


def test_the_chart_is_of_the_programs_version() -> None:
    assert yaml.safe_load(read("helm/Chart.yaml"))["appVersion"] == __version__


def test_the_changelog_has_a_heading_for_what_is_coming_or_for_this_version() -> None:
    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.M)
    assert headings
    assert headings[0] in ("Unreleased", __version__)


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(str(p.relative_to(REPOSITORY)) for p in REPOSITORY.glob("docs/**/*.md"))]
)
def test_what_a_page_links_to_is_there(page: str) -> None:
    links = re.findall(r"\[[^]]*\]\((?!https?:|#)([^)#]+)", read(page)) + re.findall(r'src="([^"]+)"', read(page))
    assert [link for link in links if not (REPOSITORY / page).parent.joinpath(link).exists()] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    """A path or a host that holds on one machine only has no place in a repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = REPOSITORY / name
        if not path.is_file() or path.suffix == ".png":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []
