"""Runs a program that must not outlive the one who started it: ``tether.py PARENT exec|group COMMAND…``.

``exec`` becomes the program; ``group`` stays beside a program that has children of its own (a compiler), and takes
them all along. Run with ``python -I -S``: it is on the way to every start, so it imports next to nothing.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, deathsignal: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(deathsignal))
    if os.getppid() != parent:  # it died before we could ask
        sys.exit(1)


def run_group(command: list[str]) -> int:
    def end_all(*_: object) -> None:
        os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end_all)
    return subprocess.call(command)


def main(parent: str, mode: str, *command: str) -> None:
    if mode == "group":
        die_with_parent(int(parent), signal.SIGTERM)
        sys.exit(run_group(list(command)))
    die_with_parent(int(parent), signal.SIGKILL)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
