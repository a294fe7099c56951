"""What people type in Slack, and what becomes of it."""

import pytest

from bot.errors import BadRequest
from bot.sandbox.words import to_argv


@pytest.mark.parametrize(
    ("typed", "argv"),
    [
        ("get pods", ["get", "pods"]),
        ("  kubectl get pods ", ["get", "pods"]),
        ("$ kubectl get pods", ["get", "pods"]),
        ("k get pods", ["get", "pods"]),
        ("Kubectl Get pods", ["get", "pods"]),
        ("-A get pods", ["-A", "get", "pods"]),
        ("`kubectl get pods`", ["get", "pods"]),
        ("```kubectl get pods```", ["get", "pods"]),
        ("get `pods` `web`", ["get", "pods", "web"]),
        ("scale deploy web —replicas=5", ["scale", "deploy", "web", "--replicas=5"]),
        ("scale deploy web –replicas 5", ["scale", "deploy", "web", "--replicas", "5"]),
        ("scale deploy web ――replicas=5", ["scale", "deploy", "web", "--replicas=5"]),
        ("get pods –n team", ["get", "pods", "-n", "team"]),
        ("get pods —A", ["get", "pods", "-A"]),
        ("create deploy web —image=nginx — date -u", ["create", "deploy", "web", "--image=nginx", "--", "date", "-u"]),
        ("get pods −o wide", ["get", "pods", "-o", "wide"]),
        ("get pod a–b", ["get", "pod", "a–b"]),
        ("get pods -l “app in (web, api)”", ["get", "pods", "-l", "app in (web, api)"]),
        ("get pods -l ‘app=web’", ["get", "pods", "-l", "app=web"]),
        ("get pods -l « app=web »", ["get", "pods", "-l", " app=web "]),
        ("get\u00a0pods\u202f-n\u2003team", ["get", "pods", "-n", "team"]),
        ("get po\u200bds\u00ad", ["get", "pods"]),
        ("get pods\n  -n team", ["get", "pods", "-n", "team"]),
        ("get pod <http://web.example.com|web.example.com>", ["get", "pod", "web.example.com"]),
        ("get pod <http://web.example.com/|web.example.com>", ["get", "pod", "web.example.com"]),
        ("get pod <https://web.example.com|click here>", ["get", "pod", "https://web.example.com"]),
        ("get pod <https://web.example.com>", ["get", "pod", "https://web.example.com"]),
        ("get pod <mailto:a@b.c|a@b.c>", ["get", "pod", "a@b.c"]),
        ("get pods <@U123|marie>", ["get", "pods", "@U123"]),
        ("get pods -l &lt;a&amp;b&gt;", ["get", "pods", "-l", "<a&b>"]),
        (r"""get po -o jsonpath='{.a}{"\n"}'""", ["get", "po", "-o", r'jsonpath={.a}{"\n"}']),
        (r"""get po -o jsonpath=‘{.a[?(@.b&gt;1)]}|#;’""", ["get", "po", "-o", "jsonpath={.a[?(@.b>1)]}|#;"]),
        ("", []),
        ("kubectl", []),
        ("aide", ["aide"]),
    ],
)
def test_what_slack_and_keyboards_add_is_taken_off(typed: str, argv: list[str]) -> None:
    assert to_argv(typed) == argv


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("kubectl get pods | grep web", "`/k8s get pods`"),
        ("get pods -n team|wc -l", "`/k8s get pods -n team`"),
        ("get pods && get svc", "`/k8s get pods`"),
        ("get pods; get svc", "`/k8s get pods`"),
        ("get pods > fichier", "`/k8s get pods`"),
        ("get pods # les pods", "`/k8s get pods`"),
        ("| grep web", "`/k8s get pods`"),
        ("get pods \\\n -n team", "une seule ligne"),
        ("get pods -l 'app=web", "guillemet"),
        ("get pods <!channel>", "@channel"),
        ("get pods <!subteam^S1|@trainers>", "@channel"),
    ],
)
def test_what_only_a_shell_understands_gets_a_hint(typed: str, instead: str) -> None:
    with pytest.raises(BadRequest) as refused:
        to_argv(typed)
    assert instead in refused.value.text["fr"]
