"""What the Dockerfile repeats of other files is the same there."""

import re

import pytest

import bot
from tests.image.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("Dockerfile", r'image\.version="(.*)"'),
        ("helm/Chart.yaml", r"^appVersion: (.*)$"),
    ],
)
def test_the_version_is_that_of_the_program(file: str, pattern: str) -> None:
    assert re.findall(pattern, (REPOSITORY / file).read_text(), re.M) == [bot.__version__]


def test_the_user_is_that_of_the_chart() -> None:
    pod = (REPOSITORY / "helm/templates/_pod.tpl").read_text()
    user, group = (re.findall(rf"{name}: (\d+)", pod) for name in ("runAsUser", "runAsGroup"))
    assert re.findall(r"^USER (.*)$", (REPOSITORY / "Dockerfile").read_text(), re.M) == [f"{user[0]}:{group[0]}"]
