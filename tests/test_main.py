"""`timonier` as a terminal or a program starts it. Its `k8s` is in tests/product: that needs a cluster."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.journal import Input, Journal

REPOSITORY = Path(__file__).parents[1]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-hunter2", "SLACK_APP_TOKEN": "xapp-hunter2"}
ENTRY = """\
chapter: {fr: Les crêpes, en: Pancakes}
source: Le livre de cuisine
entries:
  - id: flip-a-pancake
    title: {fr: Retourner une crêpe, en: Flip a pancake}
    questions:
      fr: [comment retourner une crêpe ?, retourner la crêpe, faire sauter une crêpe]
      en: [how do I flip a pancake?, flip the pancake]
    answer: {fr: D'un coup de poignet., en: With a flick of the wrist.}
    commands:
      - run: kubectl get pancakes
        does: {fr: montre les crêpes, en: shows the pancakes}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "01-crepes.yaml").write_text(ENTRY)
    return tmp_path


def timonier(
    *args: str | Path, stdin: str = "", env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TIMONIER_"))}
    command = [sys.executable, "-m", "bot", *map(str, args)]
    return subprocess.run(
        command, input=stdin, env={**known, **(env or {})}, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def test_an_answer_in_the_terminal_has_explanation_commands_and_source() -> None:
    asked = timonier("ask", "cmt voir les noeuds du cluster")
    assert asked.returncode == 0
    assert asked.stderr == ""
    title, explanation, *rest = asked.stdout.rstrip("\n").split("\n\n")
    assert title == "Lister les nœuds du cluster"
    assert "STATUS" in explanation or "état" in explanation
    assert any(part.endswith("\n    kubectl get nodes") for part in rest)
    assert rest[-1].startswith("Source : ")


def test_questions_as_json_are_answered_line_by_line_and_may_go_on_from_another() -> None:
    questions = [
        {"text": "comment lister les nœuds du cluster ?"},
        {"text": "how do I list the nodes?"},
        {"text": "et en yaml ?", "after": "comment voir les pods ?"},
        {"text": "bonjour", "after": None},
        {"text": "quelle est la recette de la tarte aux pommes ?"},
    ]
    asked = timonier("ask", "--json", "-", stdin="".join(f"{json.dumps(question)}\n" for question in questions))
    assert asked.stderr == ""
    answers = [json.loads(line) for line in asked.stdout.splitlines()]
    assert all(list(answer) == ["kind", "entries", "lang", "text"] for answer in answers)
    assert [answer["kind"] for answer in answers] == ["answer", "answer", "answer", "smalltalk", "unknown"]
    assert [answer["lang"] for answer in answers] == ["fr", "en", "fr", "fr", "fr"]
    assert answers[0]["entries"][0] == answers[1]["entries"][0] == "list-nodes"
    assert "kubectl get nodes" in answers[0]["text"]
    assert answers[-1]["entries"] == []


@pytest.mark.parametrize("line", ["how do I list the nodes?", '{"txt": "?"}', '["?"]', '{"text": 5}', ""])
def test_a_line_that_is_no_question_is_shown_with_a_right_example(base: Path, line: str) -> None:
    good = '{"text": "comment retourner une crêpe ?"}'
    asked = timonier("ask", "--json", "-", "--knowledge", base, stdin=f"{good}\n{line}\n{good}\n")
    assert asked.returncode == 1
    assert json.loads(asked.stdout)["entries"] == ["flip-a-pancake"]
    assert asked.stderr.startswith(f"timonier: line 2 is no question: {line}\nA right example: ")
    assert "Traceback" not in asked.stderr


def test_another_base_is_taken_by_an_option_or_the_environment(base: Path) -> None:
    by_option = timonier("ask", "--knowledge", base, "how do I flip a pancake?")
    by_variable = timonier("ask", "how do I flip a pancake?", env={"TIMONIER_KNOWLEDGE": str(base)})
    assert by_option.stdout == by_variable.stdout
    assert "With a flick of the wrist." in by_option.stdout
    assert "    kubectl get pancakes" in by_option.stdout


def test_a_sound_base_is_counted(base: Path) -> None:
    checked = timonier("knowledge", "check", "--knowledge", base)
    assert (checked.returncode, checked.stdout) == (0, "1 entries, all sound.\n")


def test_every_problem_of_a_broken_base_is_told_with_file_entry_and_field(base: Path) -> None:
    broken = ENTRY.replace("does: {fr: montre les crêpes, en:", "does: {en:").replace("    commands:", "    comands:")
    (base / "02-broken.yaml").write_text(broken)
    checked = timonier("knowledge", "check", "--knowledge", base)
    assert checked.returncode == 1
    assert checked.stdout == ""
    assert "02-broken.yaml" in checked.stderr
    assert "flip-a-pancake" in checked.stderr
    assert "comands" in checked.stderr
    assert "Traceback" not in checked.stderr
    asked = timonier("ask", "--knowledge", base, "une crêpe ?")
    assert (asked.returncode, asked.stdout, asked.stderr) == (1, "", checked.stderr)


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({}, "SLACK_BOT_TOKEN: n'est pas défini / is not set"),
        ({**TOKENS, "SLACK_APP_TOKEN": "xoxb-hunter2"}, "SLACK_APP_TOKEN: c'est un jeton de bot"),
        ({**TOKENS, "TIMONIER_KNOWLEDGE": "/nowhere"}, "/nowhere"),
        ({**TOKENS, "DATABASE_URL": "sqlite:////nowhere/hunter2.db"}, "(DATABASE_URL)"),
    ],
)
def test_serve_ends_with_the_name_of_what_is_wrong_and_no_secret(env: Mapping[str, str], named: str) -> None:
    served = timonier("serve", env=env)
    assert served.returncode == 1
    assert served.stdout == ""
    assert named in served.stderr
    assert "hunter2" not in served.stderr
    assert "Traceback" not in served.stderr


@pytest.mark.parametrize(
    ("kubeconfig", "said"),
    [
        ("", "error: Le bot n'a pas de cluster : KUBECONFIG"),
        ("/nowhere", "timonier: KUBECONFIG: il n'y a pas de fichier /nowhere / there is no file /nowhere."),
    ],
)
def test_k8s_without_a_cluster_ends_with_a_word(kubeconfig: str, said: str) -> None:
    ran = timonier("k8s", "-n", "equipe-rouge", "--", "get", "pods", env={"KUBECONFIG": kubeconfig})
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(said)
    assert "Traceback" not in ran.stderr


def test_the_manifest_is_printed_to_be_pasted_and_http_needs_an_address_that_slack_can_call() -> None:
    url = "https://bot.example.org/slack/events"
    assert timonier("manifest").stdout == (REPOSITORY / "manifest.yaml").read_text()
    assert timonier("manifest", "--mode", "http", "--url", url).stdout.count(url) == 4
    for wrong in ([], ["--url", "http://bot.example.org/slack/events"], ["--url", "https://bot.example.org"]):
        refused = timonier("manifest", "--mode", "http", *wrong)
        assert refused.returncode == 1
        assert "--url" in refused.stderr
        assert url in refused.stderr


def test_what_is_kept_about_a_person_is_printed_and_forgotten(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    asyncio.run(keep(url, Input("message:1", "question", "U0ANNA", "C1", "1.0", "comment lister les nœuds ?", {})))
    env = {"DATABASE_URL": url}
    kept = json.loads(timonier("journal", "export", "U0ANNA", env=env).stdout)
    assert [row["text"] for row in kept["inputs"]] == ["comment lister les nœuds ?"]
    assert timonier("journal", "forget", "U0ANNA", env=env).stdout == "1 inputs of U0ANNA forgotten.\n"
    assert json.loads(timonier("journal", "export", "U0ANNA", env=env).stdout)["inputs"] == []


async def keep(url: str, sent: Input) -> None:
    async with Journal.open(url) as journal:
        await journal.accept(sent)


def test_a_name_is_no_slack_id_and_the_error_shows_one() -> None:
    refused = timonier("journal", "forget", "anna")
    assert refused.returncode == 2
    assert "U01ABC2DE3" in refused.stderr
