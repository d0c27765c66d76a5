# What to type. Everything runs in .venv, which the first command makes (a few minutes, about 2 GB).
#   make tables                              all tables on the embedded world
#   make tables PAPER=emovoca                those of one paper
#   make tables T=table1_ablation P=smoke    one of them, in seconds (the first on a fresh clone in about a minute,
#                                            since everything is compiled for it)
#   make tables DATA="/data/my vocaset"      with data of your own

T =
PAPER = all
P = laptop
DATA = synthetic
SEEDS =
DEVICE = auto
PYTHON ?= python3

# What is typed after `make` reaches programs as it is, by the environment: neither make nor the shell reads a `$$`,
# a quote or a semicolon in it. Recipes say "$$DATA", never $$(DATA).
override T := $(value T)
override PAPER := $(value PAPER)
override P := $(value P)
override DATA := $(value DATA)
override SEEDS := $(value SEEDS)
override DEVICE := $(value DEVICE)
override PYTHON := $(value PYTHON)
export T PAPER P DATA SEEDS DEVICE PYTHON

# Programs are called as modules: the scripts pip writes beside python break in folders with a space in their name.
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
READY := .venv/.ready
export PIP_NO_INPUT = 1

.DEFAULT_GOAL := help
.PHONY: help setup tables test lab docs export clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: $(READY) ## the environment (the other commands call this themselves)

$(READY): settings.ini constraints.txt setup.py
	@test -x $(PY) || command -v "$$PYTHON" >/dev/null || { \
	  echo "emovoca needs Python 3.11 or newer, and there is no '$$PYTHON' here." \
	    "Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(PY) || "$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "emovoca needs Python 3.11 or newer, and '$$PYTHON' is not." \
	    "Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(PY) || { echo "making .venv"; "$$PYTHON" -m venv .venv; }
	@echo "installing into .venv (the first time takes a few minutes)"
	@$(PIP) install --no-compile "$$(grep '^torch==' constraints.txt)"
	@$(PIP) install --no-compile -c constraints.txt -e '.[dev]'
	@$(PY) -m compileall -q -j 0 .venv/lib >/dev/null || true  # on all cores; pip takes one. Some files are no Python 3
	@touch $(READY)

tables: ## all, or some: [T="names"] [PAPER=emovoca|truth] [P=smoke|laptop|night|…] [DATA=folder] [SEEDS=n] [DEVICE=cpu]
tables: $(READY)
	@set -f; exec $(PY) -m emovoca.app.commands tables --paper="$$PAPER" --profile="$$P" --data="$$DATA" \
	  --device="$$DEVICE" $${SEEDS:+--seeds="$$SEEDS"} -- $$T

export: $(READY) ## format and clean the notebooks; write modules, tests and README from them
	@$(PY) -m emovoca.dev.export

lab: $(READY) ## JupyterLab in this environment
	@exec $(PY) -m jupyterlab --ServerApp.root_dir="$$PWD" $$(test "$$(id -u)" != 0 || echo --allow-root) nbs/index.ipynb

docs: $(READY) ## the notebooks as a book
	@$(PY) -m emovoca.dev.docs

# Tests keep their artefacts apart from yours, ask no network for model weights, and stay within two cores: notebooks
# and tables run in two processes with one thread each, which are faster than one with two.
test: export EMOVOCA_HOME = $(CURDIR)/.cache/test
test: export HF_HUB_OFFLINE = 1
test: export MPLBACKEND = agg
test: export OMP_NUM_THREADS ?= 1
test: $(READY) ## everything continuous integration checks
	@echo "1/4 are the rules kept, and notebooks, modules, tests and README in step?"
	@$(PY) -m emovoca.dev.export --check
	@echo "2/4 notebooks"
	@$(PY) -c 'from nbdev.test import nbdev_test; nbdev_test(n_workers=2)'
	@echo "3/4 those about compiled loops again, in the build that checks bounds"
	@$(PY) -m emovoca.dev.bounds
	@echo "4/4 what notebooks cannot run themselves, every table at the smoke profile, and the book"
	@$(PY) -m ruff check --quiet --isolated --select F821 tests
	@rm -rf .cache/tables && tests=$$($(PY) -m emovoca.dev.export --pytest-only) && \
	  list=$$($(PY) -m emovoca.app.commands tables --list) && \
	  { echo pytest -q $$tests; echo emovoca.dev.docs; printf '%s\n' "$$list" | sed 's/.* //' | sort -r | \
	    sed 's|.*|emovoca.app.commands tables & --profile smoke --seeds 2 --out .cache/tables|'; } | \
	  xargs -P 2 -L 1 $(PY) -m
	@echo "make test: all good"

clean: ## remove what tools leave behind (keeps .venv, figures and your artefacts)
	@rm -rf build dist _docs _proc .cache .pytest_cache .ruff_cache .snakemake *.egg-info
	@find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
