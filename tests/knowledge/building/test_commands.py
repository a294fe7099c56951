import pytest

from bot.knowledge.building.commands import Shown, commands_of, in_block, is_command, spans
from bot.knowledge.building.course import Block, Code, Prose, Section


def of(*blocks: Block) -> list[tuple[str, str]]:
    return [(shown.run, shown.does) for shown in commands_of(Section(("A",), blocks, "a.md"))]


def block(text: str, language: str = "") -> list[str]:
    return [shown.run for shown in in_block(Code(text, language))]


def test_a_shell_block_gives_its_lines_and_their_comments() -> None:
    assert list(in_block(Code("# the nodes\nkubectl get nodes\nkubectl get pods -o yaml # as YAML", "bash"))) == [
        Shown("kubectl get nodes", "the nodes"),
        Shown("kubectl get pods -o yaml", "as YAML"),
    ]


def test_behind_a_prompt_stands_a_command_and_elsewhere_its_output() -> None:
    assert block("$ kubectl get pods\nNAME  READY\na     1/1\n$ kubectl get nodes", "console") == [
        "kubectl get pods",
        "kubectl get nodes",
    ]


def test_continued_lines_and_here_documents_are_one_command() -> None:
    assert block("kubectl run a \\\n  --image=b\nkubectl get pods", "sh") == [
        "kubectl run a \\\n  --image=b",
        "kubectl get pods",
    ]
    here = "cat <<EOF | kubectl apply -f -\nkind: Pod\n# no comment of ours\nEOF"
    assert block(here, "bash") == [here]


def test_a_hash_in_quotes_is_no_comment() -> None:
    assert block("echo 'a # b'", "sh") == ["echo 'a # b'"]


@pytest.mark.parametrize(
    "text", ["NAME    READY   STATUS\na       1/1     Running", "Hello world, it works", "a  1/1  Running  0  5s"]
)
def test_what_a_command_printed_is_none(text: str) -> None:
    assert block(text) == []
    assert block(text, "output") == []


@pytest.mark.parametrize("text", ["apiVersion: v1\nkind: Pod", "FROM ubuntu\nCMD echo hi", '{\n  "a": 1\n}'])
def test_a_manifest_or_a_program_is_one_piece(text: str) -> None:
    assert block(text) == [text]
    assert block(text, "yaml") == [text]


def test_backticks_hold_a_command_when_they_hold_more_than_its_name() -> None:
    assert of(Prose("With `kubectl` type `kubectl get pods`. The word `pods all` is none.")) == [
        ("kubectl get pods", "With `kubectl` type `kubectl get pods`")
    ]


def test_what_a_command_does_is_its_comment_or_the_sentence_before_it() -> None:
    assert of(
        Prose("Some words. List the pods:"), Code("kubectl get pods", "sh"), Prose("• The nodes: `kubectl get no`.")
    ) == [
        ("kubectl get pods", "List the pods"),
        ("kubectl get no", "The nodes"),
    ]


def test_a_bare_verb_gives_way_to_the_whole_command() -> None:
    prose = Prose("`kubectl scale` changes it: `kubectl scale deployment a --replicas=2`, then `kubectl get pods`")
    assert [run for run, _ in of(prose)] == ["kubectl scale deployment a --replicas=2", "kubectl get pods"]


@pytest.mark.parametrize(
    ("sentence", "commands"),
    [
        ("Listez-les (kubectl get nodes) puis kubectl describe node.", ["kubectl get nodes", "kubectl describe node"]),
        ("Faites kubectl version pour afficher la version", ["kubectl version"]),
        ("lancer: kubectl get svc/a -o wide --watch=true 8080:80", ["kubectl get svc/a -o wide --watch=true 8080:80"]),
        ("kubectl get all -A) qui permet", ["kubectl get all -A"]),
        ("on fait : sudo snap remove kubectl.", ["sudo snap remove kubectl"]),
        ("kubectl krew install ctx, kubectl krew install ns", ["kubectl krew install ctx", "kubectl krew install ns"]),
        ("kubectl est puissant, docker aussi, et helm comme kubectl", []),
        ("use kubectl get to list them", ["kubectl get"]),
        ("", []),
    ],
)
def test_a_plain_sentence_gives_the_commands_in_it(sentence: str, commands: list[str]) -> None:
    assert [sentence[start:end] for start, end in spans(sentence)] == commands


@pytest.mark.parametrize(
    "line", ["/usr/local/bin/k3s-uninstall.sh", "./run.sh", "KUBECONFIG=a kubectl get no", "cat a.txt"]
)
def test_a_command_starts_with_a_tool_a_path_or_a_variable(line: str) -> None:
    assert is_command(line)


@pytest.mark.parametrize("line", ["watch the pods", "kubectl is a tool", "NAME  READY", "Kubernetes", "", "make it so"])
def test_a_sentence_is_no_command(line: str) -> None:
    assert not is_command(line)
