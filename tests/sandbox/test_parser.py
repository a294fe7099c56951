"""The grammar: kubectl's forms are understood alike, everything else is refused with the nearest right form."""

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadRequest, BotError, NotAllowed
from bot.sandbox.commands import CreateDeployment, Delete, Expose, Get, Help, Label, Scale, SetImage
from bot.sandbox.discovery import read_catalog
from bot.sandbox.errors import UsageError
from bot.sandbox.parser import parse
from bot.sandbox.table import VERBS
from tests.sandbox.fake_api import APPS, CORE, EVENTS, group

CATALOG = read_catalog(
    {"items": [group("", CORE, "v1")]}, {"items": [group("apps", APPS, "v1"), group("events.k8s.io", EVENTS, "v1")]}
)


def line_of(typed: str) -> str:
    return parse(shlex.split(typed), CATALOG).line


def refusal(typed: str) -> BotError:
    with pytest.raises(BotError) as refused:
        parse(shlex.split(typed), CATALOG)
    return refused.value


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("get pods -n team", "kubectl get pods -n team"),
        ("get pods -nteam", "kubectl get pods -n team"),
        ("get pods -n=team", "kubectl get pods -n team"),
        ("get pods --namespace team", "kubectl get pods -n team"),
        ("get --namespace=team pods", "kubectl get pods -n team"),
        ("-n team get pods", "kubectl get pods -n team"),
        ("--namespace=team get pods", "kubectl get pods -n team"),
        ("get pods -n one -n two", "kubectl get pods -n two"),
        ("get pods -A", "kubectl get pods -A"),
        ("get pods -Aowide", "kubectl get pods -A -o wide"),
        ("get pods --all-namespaces=true", "kubectl get pods -A"),
        ("get pods --all-namespaces=false", "kubectl get pods"),
        ("get pods -ojson", "kubectl get pods -o json"),
        ("get pods -o=yaml", "kubectl get pods -o yaml"),
        ("get pods --output name", "kubectl get pods -o name"),
        ("get pods -l 'app in (web, api)'", "kubectl get pods -l 'app in (web, api)'"),
        ("get pods -l=app=web", "kubectl get pods -l app=web"),
        ("get pods --show-labels", "kubectl get pods --show-labels"),
        ("get pod web -- api", "kubectl get pod web -- api"),
        ("get pods -o jsonpath='{.items[0]}'", "kubectl get pods -o 'jsonpath={.items[0]}'"),
        ("get pods -L app -L tier,zone", "kubectl get pods -L app,tier,zone"),
        ("scale --replicas=3 deploy/web", "kubectl scale deploy/web --replicas=3"),
        ("expose deploy web --port 80,443 --type NodePort", "kubectl expose deploy web --port=80,443 --type=NodePort"),
    ],
)
def test_flags_are_read_in_all_of_kubectls_forms(typed: str, line: str) -> None:
    assert line_of(typed) == line


@pytest.mark.parametrize("word", ["po", "pod", "pods", "Pod", "PODS", "pods.", "pods.v1.", "po.v1."])
def test_a_type_is_found_by_all_its_names(word: str) -> None:
    command = parse(["get", word], CATALOG)
    assert isinstance(command, Get)
    assert [str(found.kind) for found in command.lists] == ["pods"]


@pytest.mark.parametrize(
    "word", ["deploy", "deployments.apps", "deployment.v1.apps", "deploy.apps", "Deployment", "deploy.ap"]
)
def test_a_type_of_a_group_is_found_too(word: str) -> None:
    command = parse(["get", word], CATALOG)
    assert isinstance(command, Get)
    assert [str(found.kind) for found in command.lists] == ["deployments.apps"]


def test_a_short_name_is_lower_case_as_with_kubectl() -> None:
    assert "RS" in refusal("get RS").text["en"]


def test_a_category_holds_what_the_table_has_and_nothing_secret() -> None:
    command = parse(["get", "all,cm,po"], CATALOG)
    assert isinstance(command, Get)
    assert [found.kind.resource for found in command.lists] == [
        "pods",
        "services",
        "deployments",
        "replicasets",
        "configmaps",
    ]


def test_the_core_group_comes_first() -> None:
    command = parse(["get", "events"], CATALOG)
    assert isinstance(command, Get)
    assert [str(found.kind) for found in command.lists] == ["events"]


@pytest.mark.parametrize(
    ("typed", "targets"),
    [
        ("get pod web", ["pods/web"]),
        ("get pod web api", ["pods/web", "pods/api"]),
        ("get pod/web svc/api", ["pods/web", "services/api"]),
        ("get po,svc web", ["pods/web", "services/web"]),
    ],
)
def test_names_are_read_in_all_of_kubectls_forms(typed: str, targets: list[str]) -> None:
    command = parse(shlex.split(typed), CATALOG)
    assert isinstance(command, Get)
    assert [f"{target.resource.kind}/{target.name}" for target in command.targets] == targets


def test_scale_is_typed() -> None:
    command = parse(shlex.split("scale deploy web --replicas=3 --current-replicas=2"), CATALOG)
    assert isinstance(command, Scale)
    assert (command.replicas, command.current, command.writes) == (3, 2, True)


def test_expose_is_typed() -> None:
    command = parse(shlex.split("expose deploy web --port=80,443 --selector=a=b,c=d --name=vitrine"), CATALOG)
    assert isinstance(command, Expose)
    assert (command.ports, command.selector, command.name) == ((80, 443), {"a": "b", "c": "d"}, "vitrine")


def test_a_deployment_is_typed_with_the_words_after_the_dashes_as_its_command() -> None:
    line = "create deploy web --image=nginx:1.27 -r 2 --port=80 -n team -- sh -c 'sleep 1' --replicas=9"
    command = parse(shlex.split(line), CATALOG)
    assert isinstance(command, CreateDeployment)
    assert [target.name for target in command.targets] == ["web"]
    assert (command.images, command.replicas, command.port) == (("nginx:1.27",), 2, 80)
    assert command.arguments == ("sh", "-c", "sleep 1", "--replicas=9")
    assert command.line == (
        "kubectl create deployment web -n team --image=nginx:1.27 --replicas=2 --port=80 "
        "-- sh -c 'sleep 1' --replicas=9"
    )


def test_images_and_labels_are_typed() -> None:
    images = parse(shlex.split("set image deploy/web a=nginx b=reg.example:5000/x@sha256:0=1"), CATALOG)
    assert isinstance(images, SetImage)
    assert images.images == {"a": "nginx", "b": "reg.example:5000/x@sha256:0=1"}
    labels = parse(shlex.split("label po -l app=web tier=front old- --overwrite"), CATALOG)
    assert isinstance(labels, Label)
    assert (labels.labels, labels.targets, labels.selector) == ({"tier": "front", "old": None}, (), "app=web")
    assert [str(resource.kind) for resource in labels.lists] == ["pods"]
    assert labels.overwrites


@pytest.mark.parametrize(
    "kind", ["namespace", "nodes", "quota", "limitranges", "configmaps", "networkpolicies", "events", "endpointslices"]
)
@pytest.mark.parametrize(
    "form", ["label {} x a=b", "label {}/x a=b", "label {} --all a=b", "delete {} x", "delete {} --all"]
)
def test_what_others_rely_on_is_neither_labelled_nor_deleted(form: str, kind: str) -> None:
    error = refusal(form.format(kind))
    assert isinstance(error, BadRequest)


def test_all_is_only_what_the_verb_takes() -> None:
    command = parse(["delete", "all", "-l", "app=web"], CATALOG)
    assert isinstance(command, Delete)
    assert {str(resource.kind) for resource in command.lists} <= {
        str(kind) for kind in VERBS["delete"].kinds["sandbox"]
    }


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        ("", None),
        ("help", None),
        ("aide", None),
        ("-h", None),
        ("--help", None),
        ("help get", "get"),
        ("get -h", "get"),
        ("scale --help", "scale"),
        ("get help", "get"),
        ("scale aide", "scale"),
        ("get pods --help", "get"),
        ("?", None),
    ],
)
def test_every_plea_for_help_is_heard(typed: str, about: str | None) -> None:
    command = parse(shlex.split(typed), CATALOG)
    assert isinstance(command, Help)
    assert command.about == about


@pytest.mark.parametrize(
    "typed",
    [
        "get secrets",
        "get secret",
        "get Secret",
        "get SECRETS",
        "get secrets/x",
        "get secret x",
        "get secrets.v1.",
        "get pods,secrets",
        "get secret.",
        "get secrets.v1",
        "get po,secret web",
        "get secrets -o jsonpath={.items}",
        "describe secret",
        "logs secret/x",
        "events --for=secrets/x",
        "describe secrets/x",
        "describe pods,secrets",
        "describe secret x y",
        "get secret x -o custom-columns=A:.data",
        "scale secret x --replicas=1",
        "expose secret x --port=1",
        "label secret x a=b",
        "label secrets --all a=b",
        "delete secret x",
        "delete secrets/x",
        "delete pods,secrets -l a=b",
        "set image secret/x a=b",
    ],
)
def test_secrets_are_refused_in_every_spelling(typed: str) -> None:
    error = refusal(typed)
    assert isinstance(error, NotAllowed)
    assert "Secrets" in error.text["fr"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("gte pods", "`get`"),
        ("sclae deploy web", "`scale`"),
        ("get pod --output=jsno", "`json`"),
        ("get pods --namspace=x", "`--namespace`"),
        ("scale deploy web --replica=3", "`--replicas`"),
        ("get deploiement", "`deployment`"),
        ("get podz", "`pod`"),
        ("get", "get pods"),
        ("scale deploy web", "--replicas=3"),
        ("scale deploy --replicas=3", "scale deployment demonstration"),
        ("scale deploy web --replicas=many", "--replicas=5"),
        ("scale deploy web --replicas=-1", "--replicas=5"),
        ("scale nodes n --replicas=1", "`deployments`"),
        ("expose node n --port=1", "`deployments`"),
        ("expose deploy web --port=http", "--port=80"),
        ("expose deploy web --selector=app", "--selector=app=demonstration"),
        ("get pod web -l app=x", "sélecteur"),
        ("get pod web -A", "-n NAMESPACE"),
        ("get pod/web api", "TYPE/NOM"),
        ("get pods -n", "get pods"),
        ("get pods -o json --show-labels", "-o wide"),
        ("logs", "logs deployment/demonstration"),
        ("rollout status", "rollout status deployment/demonstration"),
        ("rollout history deploy/web --revision=x", "rollout history"),
        ("rollout history service web", "`statefulsets`"),
        ("logs web --tail=x", "--tail=20"),
        ("logs web --since=x", "--since=10m"),
        ("describe", "describe deployment/demonstration"),
        ("explain", "explain pod.spec.containers"),
        ("get pods -o jsonpath={.x", "unclosed action"),
        ("get pods -o jsonpath=", "{.spec.replicas}"),
        ("get pods -o custom-columns=NAME", "custom-columns=NOM:.metadata.name"),
        ("get pods -o custom-columns=NAME:.a[b]", "custom-columns=NOM:.metadata.name"),
        ("get pods --sort-by={.a}{.b}", "--sort-by=.metadata.name"),
        ("get pod web --field-selector=status.phase=Running", "sélecteur"),
    ],
)
def test_a_mistake_is_answered_with_the_right_form(typed: str, hint: str) -> None:
    error = refusal(typed)
    assert isinstance(error, BadRequest)
    assert hint in error.text["fr"]


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("exec -it web -- sh", "`kubectl exec -it web -- sh`"),
        ("port-forward svc/web 8080:80", "`kubectl port-forward svc/web 8080:80`"),
        ("-n equipe-rouge port-forward svc/web 80", "`kubectl port-forward svc/web 80 -n equipe-rouge`"),
        ("get pod Mon_Site", "`mon-site`"),
        ("port-forward", "kubectl port-forward service/demonstration 8080:80"),
        ("port-forward --help", "kubectl port-forward service/demonstration 8080:80"),
        ("create secret generic x", "create deployment"),
        ("create pod x", "create deployment"),
        ("set env deploy/web A=b", "set image"),
        ("run web --image=nginx", "create deployment"),
        ("drain node", "nœuds"),
        ("delete pod web --force", "le temps de s'arrêter"),
        ("delete pod web --cascade=orphan", "orphelin"),
        ("delete pod web -A", "-n NAMESPACE"),
        ("delete -f x.yaml", "fichiers"),
        ("label pod web --list", "--show-labels"),
        ("set image deploy --all web=nginx", "Nommez"),
        ("create deployment web --image=nginx -o yaml", "rien d'autre"),
        ("apply -f x.yaml", "votre machine"),
        ("diff -f web.yaml", "describe deployment"),
        ("rollout status deploy/web -w", "kubectl rollout status"),
        ("rollout status deploy/web --timeout=1m", "kubectl rollout status"),
        ("rollout history deploy/web -o jsonpath={.x}", "`yaml`"),
        ("logs web -f", "Slack"),
        ("logs web --since-time=x", "--since"),
        ("get pods -w", "Slack"),
        ("get pods --watch", "Slack"),
        ("get pods --kubeconfig=/etc/k", "droits"),
        ("get pods --as=admin", "droits"),
        ("get pods --as-group system:masters", "droits"),
        ("get pods --token=x", "droits"),
        ("get pods --server=https://x", "droits"),
        ("get pods -s https://x", "droits"),
        ("get --raw /api/v1/secrets", "droits"),
        ("get -f x.yaml", "fichiers"),
        ("get pods -o go-template={{.x}}", "`yaml`"),
        ("scale deploy --all --replicas=0", "un par un"),
        ("expose deploy web --external-ip=1.2.3.4", "help expose"),
        ("scale deploy web --replicas=1 --dry-run=server", "essai à blanc"),
    ],
)
def test_what_kubectl_has_and_the_bot_has_not_is_refused_with_what_to_do_instead(typed: str, instead: str) -> None:
    error = refusal(typed)
    assert isinstance(error, BadRequest)
    assert instead in error.text["fr"]


@pytest.mark.parametrize(
    "name", ["..", "../secrets", "a/b/c", "-a", "A", "a_b", "é", "a" * 254, "a..b", "a%2Fb", "a?b", "web\n", "ⓐ", "@U1"]
)
@pytest.mark.parametrize(
    "form",
    [
        "get pod {}",
        "get pod/{}",
        "get pods -n {}",
        "scale deploy {} --replicas=1",
        "create deployment {} --image=nginx",
        "set image deploy {} web=nginx",
        "label deploy {} tier=front",
        "label deploy/{} tier=front",
        "delete deploy {}",
        "delete deploy/{}",
        "delete deploy web -n {}",
    ],
)
def test_no_name_reaches_a_path_unchecked(form: str, name: str) -> None:
    with pytest.raises(BadRequest):
        parse([word.format(name) for word in form.split()], CATALOG)


@pytest.mark.parametrize("argv", [["get", "pods\0"], ["get", "x" * 3000], ["get", "po\x1b[0mds"]])
def test_what_cannot_be_read_is_refused(argv: list[str]) -> None:
    with pytest.raises(BadRequest):
        parse(argv, CATALOG)


WORDS = st.sampled_from(
    [
        "get",
        "scale",
        "expose",
        "help",
        "pods",
        "deploy/web",
        "-n",
        "-A",
        "-o",
        "json",
        "--replicas",
        "--port=80",
        "--",
        "describe",
        "logs",
        "events",
        "explain",
        "api-resources",
        "auth",
        "can-i",
        "whoami",
        "top",
        "pod",
        "jsonpath={.items[*]}",
        "custom-columns=A:.b",
        "--sort-by=.a",
        "-L",
        "-c",
        "--since=1h",
        "--for",
        "all",
        "create",
        "deployment",
        "set",
        "image",
        "label",
        "delete",
        "web",
        "--image=nginx",
        "web=nginx",
        "*=nginx",
        "tier-",
        "--overwrite",
        "--all",
        "-l",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=8))
def test_any_words_are_a_command_of_the_table_or_a_refusal(argv: list[str]) -> None:
    try:
        command = parse(argv, CATALOG)
    except BotError:
        return
    assert command.verb in VERBS.values()


@settings(deadline=None)
@given(st.lists(WORDS, max_size=6))
def test_the_line_that_is_shown_means_the_same_command(argv: list[str]) -> None:
    try:
        command = parse(argv, CATALOG)
    except BotError:
        return
    again = parse(shlex.split(command.line)[1:], CATALOG)
    assert again.line == command.line


def test_kubectls_own_words_go_along_for_a_terminal() -> None:
    error = refusal("get nosuch")
    assert isinstance(error, UsageError)
    assert error.stderr == 'error: the server doesn\'t have a resource type "nosuch"'


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("scale xyzzy --replicas=5", "Le type vient d'abord : `/k8s scale deployment demonstration --replicas=5`"),
        ("get pods,", "Il manque le type d'objet"),
    ],
)
def test_a_missing_type_is_told_with_a_right_example(line: str, hint: str) -> None:
    assert hint in refusal(line).text.fr
