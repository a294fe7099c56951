"""`python -m benchmarks [answers|crowd|growth|latency]…`: each beside a reference in the same run; all by default."""

import sys

from benchmarks import answers, crowd, growth, latency

BENCHMARKS = {"answers": answers.main, "crowd": crowd.main, "growth": growth.main, "latency": latency.main}


def main() -> None:
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in names:
        print(f"\n{name}: {(BENCHMARKS[name].__doc__ or '').splitlines()[0]}\n", flush=True)
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
