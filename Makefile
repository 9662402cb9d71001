# Everything runs in the virtual environment .venv, which the first target that needs it makes.
# Needed on the machine: make and a Python >= 3.11. `make PYTHON=/path/to/python` chooses one.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install
# Tests at a time. Each waits for Terraform most of the time, and Terraform for the provider.
WORKERS ?= auto
# More arguments for pytest: make test ARGS="tests/unit -k payload"
ARGS ?=

export PIP_ROOT_USER_ACTION := ignore

.PHONY: help venv demo test lint types format matrix protocol schema launcher docs bench dist clean

help:
	@echo "make demo      take over a callback, change it, destroy it, with the real Terraform on a local sandbox (PAUSE=1: wait for its page)"
	@echo "make test      run the tests"
	@echo "make matrix    run the tests under every Terraform from 1.6 on and every Python from 3.11 on (an hour)"
	@echo "make lint      ruff, and terraform fmt on the examples"
	@echo "make types     mypy"
	@echo "make format    format Python and the examples"
	@echo "make protocol  generate the plugin protocol's messages again"
	@echo "make schema    write the answers with the schemas again, which a process gives without loading the provider"
	@echo "make launcher  build Windows' launcher from scripts/launcher.c again (needs MinGW-w64)"
	@echo "make docs      generate docs/ from the schemas and examples/ again"
	@echo "make bench     measure start, plan and apply beside tf's own server and plain Terraform (WRITE=1 keeps it)"
	@echo "                 (ARGS=\"--against COMMIT\": compare HEAD to that commit instead)"
	@echo "make dist      build this platform's standalone archive and its checksums into dist/ (GPG_FINGERPRINT=KEY signs)"
	@echo "make clean     remove what these targets made"

# With PAUSE=1 it waits, on a terminal, while there is something to see on the sandbox's page.
demo: $(VENV)/installed-sandbox
	@$(PY) scripts/demo.py

test: $(VENV)/installed-dev
	@echo "Running the tests (all of them can take half an hour; the first run downloads two or three Terraforms of about 50 MB) ..."
	@$(PY) scripts/get_terraform.py path >/dev/null
	@for line in 1.6 1.15; do $(PY) scripts/get_terraform.py $$line >/dev/null || exit 1; done
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/installed-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@terraform=$$($(PY) scripts/get_terraform.py path 2>/dev/null) && TF_CLI_CONFIG_FILE=/dev/null "$$terraform" fmt -check -diff -recursive examples

types: $(VENV)/installed-dev
	@$(PY) -m mypy

format: $(VENV)/installed-dev
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@terraform=$$($(PY) scripts/get_terraform.py path 2>/dev/null) && TF_CLI_CONFIG_FILE=/dev/null "$$terraform" fmt -recursive examples

protocol: $(VENV)/installed-dev
	@$(PY) scripts/protocol.py

schema: $(VENV)/installed-dev
	@$(PY) scripts/schema.py

matrix: $(VENV)/installed-dev
	@$(PY) scripts/matrix.py --workers $(WORKERS)

launcher:
	@x86_64-w64-mingw32-gcc -Os -Wall -Wextra -Werror -ffreestanding -fno-asynchronous-unwind-tables -mno-stack-arg-probe \
	  -nostdlib -s -Wl,-e,entry -Wl,--no-insert-timestamp -Wl,--no-seh \
	  -DSOURCE=\"$$(sha256sum <scripts/launcher.c | cut -c1-64)\" \
	  -o terraform_provider_ecgrid/launcher.exe scripts/launcher.c -lkernel32

docs: $(VENV)/installed-dev
	@$(PY) scripts/docs.py

bench: $(VENV)/installed-dev
	@$(PY) -m tests.benchmarks $(if $(WRITE),--write) $(ARGS)

dist: $(VENV)/installed-dev
	@$(PY) scripts/dist.py

venv: $(VENV)/installed-dev

clean:
	rm -rf $(VENV) .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps stand for what is installed; another pyproject.toml, or another checkout's folder, installs again.
$(VENV)/installed-sandbox: pyproject.toml scripts/make_venv.sh
	@sh scripts/make_venv.sh "$(PYTHON)" $(VENV)
	@echo "Installing the provider and its sandbox into $(VENV) (downloads about 20 MB, takes up to a minute) ..."
	@$(PIP) --editable '.[sandbox]'
	@touch $@

$(VENV)/installed-dev: pyproject.toml scripts/make_venv.sh
	@sh scripts/make_venv.sh "$(PYTHON)" $(VENV)
	@echo "Installing the provider and the tools for its development into $(VENV) (downloads about 150 MB, takes a minute or two) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/installed-sandbox
