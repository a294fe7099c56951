"""The same command line asked of kubectl and of the sandbox."""

import asyncio
import re
import shlex
from dataclasses import dataclass

from bot.playground.controlplane import Cluster
from bot.sandbox import Sandbox, UsageError
from tests.sandbox.conftest import TRAINER

AS_TRAINER = (
    "--as=timonier:trainer",
    "--as-group=timonier:trainers",
    "--as-user-extra=timonier.dev/slack-user-id=U0TRAINER",
)
CLIENT = re.compile(r"^(Client|Kustomize) Version: .*\n", re.MULTILINE)  # the bot is no client
LEASE = re.compile(
    r"^(Lease: +)Failed to get lease: .* is forbidden: .*$", re.MULTILINE
)  # the server's words are not shown
WATCHING = re.compile(r"^E\d{4} .* reflector\.go:.*\n", re.MULTILINE)  # nobody may watch, and nobody need


@dataclass(frozen=True, slots=True)
class Said:
    stdout: str
    stderr: str
    status: int


async def ask_kubectl(cluster: Cluster, line: str, namespace: str) -> Said:
    """An administrator's kubectl with a trainer's rights: the bot's token may not discover as a trainer."""
    words = shlex.split(line)
    verb = 0 if words[0].startswith("-") else 1
    flags = (f"--kubeconfig={cluster.kubeconfig}", *AS_TRAINER, f"--namespace={namespace}")
    command = (*words[:verb], *flags, *words[verb:])
    process = await asyncio.create_subprocess_exec(
        cluster.binaries / "kubectl", *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    stdout, stderr = await process.communicate()
    said = CLIENT.sub("", LEASE.sub(r"\1not authorized", stdout.decode()))
    return Said(said, WATCHING.sub("", stderr.decode()), process.returncode or 0)


async def ask_sandbox(sandbox: Sandbox, line: str, namespace: str) -> Said:
    try:
        result = await sandbox.run(await sandbox.parse(line), TRAINER, namespace)
    except UsageError as error:
        return Said("", f"{error.stderr}\n", 1)
    return Said(result.stdout, result.stderr, result.status)
