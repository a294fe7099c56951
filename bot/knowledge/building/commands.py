"""What in a course is a command: in a code block, between backticks, or in the middle of a plain sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.building.course import Code, Prose, Section

TOOLS = frozenset(
    "ansible ansible-playbook apk apt apt-get argocd aws az base64 brew cat cd chmod chown cp crictl ctr curl dnf docker "
    "docker-compose echo eksctl etcdctl export gcloud git go grep helm istioctl jq k3d k3s k9s kind krew kubeadm kubectl "
    "kubectx kubens kustomize ls make microk8s minikube mkdir mv nano nerdctl node npm npx oc openssl pip pip3 podman "
    "python python3 rm scp sed snap source ssh stern sudo systemctl tar terraform touch unzip uv vagrant vi vim watch wget "
    "yarn yum".split()
)
# English words too: they are commands where a sign of the shell stands behind them.
_AMBIGUOUS = frozenset("cat echo export go kind make node source touch watch".split())
_VERBS = frozenset(
    "add annotate api-resources api-versions apply attach auth autoscale build cluster-info completion config cordon cp "
    "create debug delete describe diff disable drain edit enable events exec explain expose get history images init inspect "
    "install join kustomize krew label list logs network package patch plugin port-forward proxy ps pull push remove replace "
    "repo reset restart rollback rollout run scale search set show start status stop taint template token top uncordon "
    "uninstall update upgrade version volume wait".split()
)
# What ends a command in the middle of a sentence.
_STOP = frozenset(
    "a affiche afficher afin ainsi alors au aussi aux avec car ce ceci cela cette chaque comme crée créer dans de des deux "
    "devient donc donne doit du elle en ensuite est et fait faire fonctionne il ils je la le les lance leur leurs liste lister "
    "lui mais montre ne ni notre nous on ont or ou où par pas permet permettent peut pour puis quand que qui renvoie retourne "
    "sa se ses sert si son sont sous sur un une utilise va vers voir vos votre vous y "
    "all-in an and are as at but by can command creates displays does for from gives how if in into is it its lets lists may "
    "now of on our prints returns shows should so that the then these this to we when where which while will with you your".split()
)
_SHELLS = frozenset(
    "bash bat cmd console ps1 powershell sh shell shell-session shellsession sh-session terminal zsh".split()
)
_OUTPUT = frozenset("log none output plain plaintext text txt".split())
_SIGN = re.compile(r"[-|<>/$=\"'.;&]")
_PROMPT = re.compile(r"^\s*(?:\$|❯|➜|PS>|[\w.-]+@[\w.-]+:\S*[$#]|#(?= \w+ ?[\w-]* -))\s+")
_TABLE = re.compile(r"^[A-Z][A-Z()-]+(?:\s{2,}|\t| )+[A-Z][A-Z()-]+\b")
_COMMENT = re.compile(r"(?:^|\s)#\s+(.*)$")
_HERE = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")
_MANIFEST = re.compile(r"^(?:apiVersion|kind):\s", re.MULTILINE)
_IN_PROSE = re.compile(
    r"(?<![\w`/.-])(?:sudo\s+)?(?:kubectl|helm|docker|k3s|kubeadm|minikube|podman|apt|apt-get|snap|brew)\s"
)
_TOKEN = re.compile(r"[\w@%+=:,./<>\[\]{}'\"$~*!|&-]+")
_SPACED = re.compile(r"\s+")
# Longer than this is a file to download, not a command to read.
_LONGEST = 2_000
_BARE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A command as the course shows it. ``does``: the course's own words for it, where it has some."""

    run: str
    does: str = ""


def commands_of(section: Section) -> tuple[Shown, ...]:
    """Each command once, in the course's order; a bare `tool verb` is left out where a whole command begins with it."""
    found: dict[str, Shown] = {}
    before = ""
    for block in section.blocks:
        if isinstance(block, Code):
            for shown in in_block(block):
                found.setdefault(_one_line(shown.run), shown if shown.does else Shown(shown.run, before))
        else:
            for run in in_prose(block):
                found.setdefault(run, Shown(run, _said_of(run, block.text) or before))
            before = _said_of("", block.text)
    return tuple(
        shown
        for line, shown in found.items()
        if line.count(" ") != 1 or not any(other.startswith(line + " ") for other in found)
    )


def in_block(code: Code) -> Iterator[Shown]:
    """The commands of a shell block, its comments as what they do; a manifest or a program is one piece."""
    lines = list(_logical(code.text))
    prompted = [_PROMPT.sub("", line) for line in lines if _PROMPT.match(line)]
    if prompted:
        yield from _commented(prompted)
    elif code.language in _SHELLS or (not code.language or code.language in _OUTPUT) and any(map(is_command, lines)):
        yield from _shell(lines, code)
    elif _MANIFEST.search(code.text) or code.language not in (*_OUTPUT, ""):
        if len(code.text) <= _LONGEST and not _TABLE.match(code.text):
            yield Shown(code.text)


def _shell(lines: list[str], code: Code) -> Iterator[Shown]:
    known = [line for line in lines if is_command(line) or line.startswith("# ")]
    if any(map(is_command, known)):
        yield from _commented(known)
    elif not _TABLE.match(code.text) and len(code.text) <= _LONGEST:
        yield Shown(code.text)


def in_prose(block: Prose) -> Iterator[str]:
    """Commands between backticks, or where a sentence has none, those that it names as they are typed."""
    quoted = re.findall(r"`([^`]+)`", block.text)
    for code in quoted:
        if len(code.split()) > 1 and is_command(code) and _TOKEN.match(code):
            yield _one_line(code)
    if not quoted:
        for start, end in spans(block.text):
            yield block.text[start:end]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where commands stand in a plain sentence: from the tool's name to the first word that no command has."""
    position = 0
    while found := _IN_PROSE.search(text, position):
        position = _end_of_command(text, found)
        if position > found.end():
            yield found.start(), position
        position = max(position, found.end())


def _end_of_command(text: str, tool: re.Match[str]) -> int:
    end, bare, first = tool.end() - 1, 0, True
    for token in re.finditer(r"\S+", text[tool.end() :]):
        typed = _TOKEN.match(token[0])
        word = typed[0].rstrip(".,:;") if typed else ""
        if not word.isascii() or word.lower() in _STOP or not word or (first and word not in _VERBS):
            break
        bare = bare + 1 if word.isalpha() else 0
        if bare > _BARE_WORDS:
            break
        first, end = False, tool.end() + token.start() + len(word)
        if word != token[0]:
            break
    return end


def is_command(line: str) -> bool:
    """Whether a shell would run it: a known tool, a path, an assignment before one."""
    words = re.sub(r"^(?:[A-Z_][A-Z0-9_]*=\S*\s+)+", "", line.strip()).split()
    if not words or _TABLE.match(line):
        return bool(re.match(r"^\s*[A-Z_]+=\S+$", line))
    if len(words) > 1 and words[1].lower() in _STOP:
        return False
    if words[0] in _AMBIGUOUS:
        return bool(_SIGN.search(" ".join(words[1:])))
    path = re.match(r"^(?:\.{1,2}|~)?/[\w./-]*\w$", words[0])
    return words[0] in TOOLS or bool(path)


def _logical(text: str) -> Iterator[str]:
    """Lines, with what a backslash or a here-document goes on with."""
    lines = iter(text.splitlines())
    for line in lines:
        whole = line
        while whole.rstrip().endswith("\\"):
            whole += "\n" + next(lines, "")
            if whole.endswith("\n"):
                break
        if (here := _HERE.search(whole)) and "<<<" not in whole:
            for more in lines:
                whole += "\n" + more
                if more.strip() == here[1]:
                    break
        if whole.strip():
            yield whole


def _commented(lines: list[str]) -> Iterator[Shown]:
    said = ""
    for line in lines:
        comment = None if "\n" in line else _COMMENT.search(line)
        if comment and line[: comment.start()].count("'") % 2 == 0 and line[: comment.start()].count('"') % 2 == 0:
            line, said = line[: comment.start()].rstrip(), comment[1].strip()
        if line.strip() and len(line) <= _LONGEST:
            yield Shown(line.strip(), said)
            said = ""


def _said_of(run: str, text: str) -> str:
    """The sentence that holds the command, without it; for no command, the last sentence."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ«])", text.lstrip("•=> "))
    said = next((sentence for sentence in sentences if run in sentence), "") if run else sentences[-1]
    return re.sub(rf"^`{re.escape(run)}`|:?\s*`{re.escape(run)}`[\s.:]*$", "", said).strip(" :.")


def _one_line(code: str) -> str:
    return _SPACED.sub(" ", code.replace("\\\n", " ")).strip()
