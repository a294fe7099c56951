"""The locked dependencies are those that pyproject.toml asks for, and hold no registry's address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
EXTRAS = {
    "requirements.txt": (),
    "requirements-playground.txt": ("playground",),
    "requirements-dev.txt": ("playground", "dev"),
}


@pytest.mark.parametrize("name", EXTRAS)
def test_the_lock_has_what_the_project_asks_for(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    locked = {
        canonicalize_name(package): version for package, version in re.findall(r"^([\w.-]+)==([^ ;]+)", text, re.M)
    }
    wanted = [*PROJECT["dependencies"]]
    for extra in EXTRAS[name]:
        wanted += PROJECT["optional-dependencies"][extra]
    for requirement in map(Requirement, wanted):
        if requirement.name != PROJECT["name"]:
            version = locked.get(canonicalize_name(requirement.name), "none")
            assert version != "none", f"{requirement} is not locked: make lock"
            assert version in requirement.specifier, f"{requirement} is locked as {version}: make lock"


@pytest.mark.parametrize("name", EXTRAS)
def test_the_lock_has_a_hash_for_each_package_and_no_address(name: str) -> None:
    text = (REPOSITORY / name).read_text()
    assert "://" not in text
    for package in re.split(r"\n(?=\S)", text):
        assert package.startswith("#") or "--hash=sha256:" in package, package
