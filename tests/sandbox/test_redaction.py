"""Credentials are masked wherever an object can hold them, and nothing else is touched."""

import json
import time
from typing import Any

import pytest

from bot.sandbox.redaction import MASK, redact, redact_text

# Made up, in the shape of the real ones; put together here so that no scanner takes them for real.
SLACK = "xoxb-" + "1234567890-abcdefghij"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2"
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
JWT = "eyJhbGciOiJSUzI1NiJ9." + "eyJzdWIiOiJib3QifQ." + "c2lnbmF0dXJl"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"


def pod(**container: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [container]}}


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "password", "API_KEY", "apiKey", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PGPASSWORD"]
)
def test_an_env_that_is_called_like_a_credential_is_masked(name: str) -> None:
    clean = redact(pod(env=[{"name": name, "value": "hunter2"}, {"name": "MODE", "value": "hunter3"}]))
    assert clean["spec"]["containers"][0]["env"] == [
        {"name": name, "value": MASK},
        {"name": "MODE", "value": "hunter3"},
    ]


@pytest.mark.parametrize("value", [SLACK, GITHUB, AWS, JWT, KEY])
def test_a_value_that_looks_like_a_credential_is_masked_wherever_it_is(value: str) -> None:
    thing = pod(env=[{"name": "MODE", "value": value}], args=[f"--x={value}"], image=f"x:{value}")
    assert value not in json.dumps(redact(thing))
    assert value not in redact_text(f"before {value} after")


@pytest.mark.parametrize(
    ("args", "masked"),
    [
        (["--password=hunter2"], [f"--password={MASK}"]),
        (["--password", "hunter2", "-v"], ["--password", MASK, "-v"]),
        (["sh", "-c", "export TOKEN=hunter2; run"], ["sh", "-c", f"export TOKEN={MASK}; run"]),
        (["--db=postgres://app:hunter2@db/app"], [f"--db=postgres://{MASK}@db/app"]),
        (["--port=80", "--token-ttl", "5m"], ["--port=80", "--token-ttl", "5m"]),
    ],
)
def test_arguments_are_masked(args: list[str], masked: list[str]) -> None:
    assert redact(pod(args=args))["spec"]["containers"][0]["args"] == masked
    assert redact(pod(command=args))["spec"]["containers"][0]["command"] == masked


def test_the_copy_that_apply_keeps_in_an_annotation_is_masked_too() -> None:
    kept = json.dumps(pod(env=[{"name": "PASSWORD", "value": "hunter2"}]))
    thing = {
        "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": kept, "my-token": "hunter3"}}
    }
    clean = json.dumps(redact(thing))
    assert "hunter2" not in clean
    assert "hunter3" not in clean
    assert "last-applied-configuration" in clean


def test_a_config_map_is_masked_by_key_and_by_line() -> None:
    thing = {
        "kind": "ConfigMap",
        "data": {"password": "hunter2", "app.properties": "db.password=hunter3\nport=80\nsecret: hunter4"},
    }
    assert redact(thing)["data"] == {
        "password": MASK,
        "app.properties": f"db.password={MASK}\nport=80\nsecret: {MASK}",
    }


def test_what_only_speaks_of_secrets_is_left_alone() -> None:
    thing = {
        "metadata": {"name": "token-service", "annotations": {"a": "b"}, "labels": {"app": "secret-santa"}},
        "spec": {
            "automountServiceAccountToken": False,
            "containers": [
                {
                    "image": "registry/secret-manager:2.0",
                    "env": [
                        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
                        {"name": "DB_SECRET_NAME", "value": "db"},
                        {"name": "TOKEN_FILE", "value": "/run/token"},
                    ],
                    "volumeMounts": [
                        {"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access"}
                    ],
                }
            ],
            "volumes": [
                {"secret": {"secretName": "tls"}},
                {"projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}},
            ],
            "imagePullSecrets": [{"name": "registry"}],
        },
        "status": {"message": 'secret "db" not found'},
    }
    assert redact(thing) == thing


def test_redacting_twice_changes_nothing() -> None:
    once = redact_text(f"password=hunter2 {SLACK}")
    assert redact_text(once) == once


@pytest.mark.parametrize("word", ["x", "token", "eyJ", "password=", "a://b:", "-----BEGIN PRIVATE KEY-----", "xoxb-1 "])
def test_long_texts_take_no_long_time(word: str) -> None:
    started = time.monotonic()
    redact_text(word * (1_000_000 // len(word)))
    assert time.monotonic() - started < 3
