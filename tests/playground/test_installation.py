"""The bot's token is renewed in place, and what the playground configures is what the bot reads."""

from pathlib import Path

import pytest
import yaml

from bot.playground import localslack
from bot.playground.controlplane import Cluster
from bot.playground.installation import NAMESPACES, BotAccount, bot_config
from bot.settings import course

KUBECTL = """#!/bin/sh
echo "$@" >> "$0.calls"
wc -l < "$0.calls"
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    """One whose kubectl gives the tokens 1, 2, 3, …"""
    (tmp_path / "kubectl").write_text(KUBECTL)
    (tmp_path / "kubectl").chmod(0o755)
    return Cluster(tmp_path, tmp_path, tmp_path / "kubeconfig", "https://127.0.0.1:1", tmp_path / "ca.crt")


def read_token(account: BotAccount) -> str:
    (user,) = yaml.safe_load(account.kubeconfig.read_text())["users"]
    return Path(user["user"]["tokenFile"]).read_text()


def test_the_kubeconfig_is_there_before_the_cluster(cluster: Cluster, tmp_path: Path) -> None:
    account = BotAccount(cluster, tmp_path)
    assert read_token(account) == "none-yet"


def test_a_young_token_is_kept(cluster: Cluster, tmp_path: Path) -> None:
    account = BotAccount(cluster, tmp_path)
    account.renew()
    account.renew()
    assert read_token(account) == "1"
    assert (tmp_path / "kubectl.calls").read_text() == "create token timonier --namespace timonier\n"


def test_an_old_token_is_replaced_in_the_same_file(cluster: Cluster, tmp_path: Path) -> None:
    account = BotAccount(cluster, tmp_path, renew_seconds=0)
    account.renew()
    account.renew()
    assert read_token(account) == "2"


def test_the_bot_reads_the_course_of_the_local_slack(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(bot_config())
    read = course({"TIMONIER_CONFIG": str(config)})
    assert read.namespaces == NAMESPACES
    assert read.trainers.users == (localslack.TRAINER,)
    assert set(read.channels) | {read.trainers.channel} == set(localslack.CHANNELS)
