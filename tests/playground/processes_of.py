"""What the system knows of running programs: read from /proc, so that no test has to believe our own lists."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest


def eventually(true: Callable[[], bool], what: str, seconds: float = 15.0) -> None:
    """Fails with ``what`` when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}, even after {seconds:.0f} s")
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def programs_of(folder: Path) -> dict[int, str]:
    """The running programs that have ``folder`` in their command line or as their home: pid and name."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            environment = (process / "environ").read_bytes().decode(errors="replace")
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
        if command and str(folder) in command + environment:
            found[int(process.name)] = command.partition("\0")[0].rpartition("/")[2]
    return found


def listening_addresses(pids: set[int]) -> set[str]:
    """Where they listen, as ``address:port`` in the kernel's hexadecimal: 0100007F is 127.0.0.1."""
    sockets = {inode for pid in pids for inode in _socket_inodes(pid)}
    addresses = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                addresses.add(fields[1])
    return addresses


def _socket_inodes(pid: int) -> list[str]:
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            links.append(target[8:-1])
    return links
