# What to type. Everything runs in .venv, which the first command makes (a few minutes, about 2 GB).
#   make tables                              all tables of the paper on the embedded world
#   make tables T=table1_ablation P=smoke    one of them, in seconds
#   make tables DATA="/data/my vocaset"      with data of your own

T =
P = laptop
DATA = synthetic
SEEDS =
DEVICE = auto
PYTHON ?= python3

# Programs are called as modules: the scripts pip writes beside python break in folders with a space in their name.
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
READY := .venv/.ready
export PIP_NO_INPUT = 1

.DEFAULT_GOAL := help
.PHONY: help setup tables test lab export clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

setup: $(READY) ## the environment (the other commands call this themselves)

$(READY): settings.ini constraints.txt setup.py
	@test -x $(PY) || command -v "$(PYTHON)" >/dev/null || { \
	  echo "emovoca needs Python 3.11 or newer, and there is no '$(PYTHON)' here. Name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(PY) || "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "emovoca needs Python 3.11 or newer, and '$(PYTHON)' is not. Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(PY) || { echo "making .venv"; "$(PYTHON)" -m venv .venv; }
	@echo "installing into .venv (the first time takes a few minutes)"
	@$(PIP) install "$$(grep '^torch==' constraints.txt)"
	@$(PIP) install -c constraints.txt -e '.[dev]'
	@touch $(READY)

tables: $(READY) ## the paper's tables: [T="names"] [P=smoke|laptop|paper] [DATA=folder] [SEEDS=n] [DEVICE=auto]
	@$(PY) -m emovoca.app.commands tables $(T) --profile "$(P)" --data "$(DATA)" --device "$(DEVICE)" $(if $(SEEDS),--seeds $(SEEDS))

export: $(READY) ## clean the notebooks; write modules, tests and README from them
	@$(PY) -m emovoca.dev.export

lab: $(READY) ## JupyterLab in this environment
	@$(PY) -m jupyterlab nbs/index.ipynb

# Tests keep their artefacts apart from yours, ask no network for model weights, and stay within two cores:
# two notebooks at a time with one thread each, then one process with two threads.
test: export EMOVOCA_HOME = $(CURDIR)/.cache/test
test: export HF_HUB_OFFLINE = 1
test: export MPLBACKEND = agg
test: export OMP_NUM_THREADS ?= 2
test: $(READY) ## everything continuous integration checks
	@echo "1/4 are notebooks, modules, tests and README in step?"
	@$(PY) -m emovoca.dev.export --check
	@echo "2/4 notebooks"
	@OMP_NUM_THREADS=1 $(PY) -c 'from nbdev.test import nbdev_test; nbdev_test(n_workers=2)'
	@echo "3/4 pytest"
	@$(PY) -m pytest -q
	@echo "4/4 every table at the smoke profile"
	@out=$$(mktemp -d) && trap 'rm -rf "$$out"' EXIT && $(PY) -m emovoca.app.commands tables --profile smoke --seeds 2 --out "$$out"
	@echo "make test: all good"

clean: ## remove what tools leave behind (keeps .venv, figures and your artefacts)
	@rm -rf build dist _docs _proc .cache .pytest_cache .snakemake *.egg-info
	@find . -path ./.venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
