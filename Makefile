# All that a machine needs beside make, git and python3 (>= 3.11, with venv) is brought along.
PYTHON ?= python3
BUILDER ?= docker
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" pyproject.toml

.PHONY: install playground test test-slow reliability check rights docs bench lock image

install: .venv/.playground

# exec and the tether: a make that is killed takes the playground along.
playground: .venv/.playground
	@exec $(BIN)/python -I -S bot/playground/tether.py $$PPID exec $(BIN)/timonier playground $(if $(PORT),--port $(PORT))

test: .venv/.dev
	$(BIN)/pytest -m "not slow" --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-slow: .venv/.dev
	$(BIN)/pytest -m slow $(ARGS)

# The long form of what test-slow does of it: an hour or more; the figures are printed.
reliability: .venv/.dev
	TIMONIER_TEST_KILLS=200 TIMONIER_TEST_INPUTS=100000 TIMONIER_TEST_LOAD_SECONDS=10 $(BIN)/pytest tests/reliability $(ARGS)

check: .venv/.dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

rights: .venv/.dev
	$(BIN)/python -m bot.sandbox.rights

docs: .venv/.dev
	$(BIN)/python -m bot.docs

# `make bench ARGS=growth` is one of answers, crowd, growth, latency and start.
bench: .venv/.dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --requirement benchmarks/requirements.txt
	$(BIN)/python -m benchmarks $(ARGS)

# `make image BUILDER=podman` or `BUILDER=buildah` where Docker is not.
image:
	$(BUILDER) build --tag timonier:$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' bot/__init__.py) .

# Versions stay as they are unless pyproject.toml asks for others; `make lock UPGRADE=--upgrade` takes the newest.
lock: .venv/bin/uv
	$(LOCK) $(UPGRADE) --output-file requirements.txt
	$(LOCK) $(UPGRADE) --extra playground --output-file requirements-playground.txt
	$(LOCK) $(UPGRADE) --extra playground --extra dev --output-file requirements-dev.txt

.venv/.playground: requirements-playground.txt pyproject.toml | .venv/bin/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-playground.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.playground
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; PYTHON=/path/to/python3 names another than $(PYTHON)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python lacks venv. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up .venv"
	@$(PYTHON) -m venv .venv
	@awk '/^[^ #]/ {uv = /^uv==/} uv' requirements-playground.txt > .venv/uv.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.txt
