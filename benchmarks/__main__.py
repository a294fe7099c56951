"""`python -m benchmarks [answers|crowd|growth|latency|start]…`: each beside a reference in the same run; else all."""

import sys
from importlib import import_module

BENCHMARKS = ("answers", "crowd", "growth", "latency", "start")


def main() -> None:
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in names:
        # Only now: one of them loads a model that the others need not have.
        benchmark = import_module(f"benchmarks.{name}")
        print(f"\n{name}: {(benchmark.__doc__ or '').splitlines()[0]}\n", flush=True)
        benchmark.main()


if __name__ == "__main__":
    main()
