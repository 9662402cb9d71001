# Everything runs in the virtual environment .venv, which the first target that needs it makes.
# The machine needs make and Python 3.11 or newer. `make PYTHON=/path/to/python` chooses the Python.

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
	@echo "make demo      take over, change and destroy a callback on a local sandbox, with the real Terraform (PAUSE=1 waits for you)"
	@echo "make test      run the tests"
	@echo "make matrix    run the tests under each Terraform from 1.6 on, the tofu on PATH, and each Python from 3.11 on (takes an hour)"
	@echo "make lint      run ruff, and terraform fmt on the examples"
	@echo "make types     run mypy"
	@echo "make format    format Python and the examples"
	@echo "make protocol  regenerate the messages of the plugin protocol"
	@echo "make schema    regenerate the prepared schema answers (after a change of a schema)"
	@echo "make launcher  rebuild the Windows launcher from scripts/launcher.c (needs MinGW-w64)"
	@echo "make docs      regenerate docs/ from the schemas and examples/"
	@echo "make bench     measure start, plan and apply, and compare them to tf's own server and plain Terraform (WRITE=1 saves the result)"
	@echo "                 (ARGS=\"--against COMMIT\" compares HEAD to that commit instead)"
	@echo "make dist      build this platform's standalone archive and its checksums into dist/ (GPG_FINGERPRINT=KEY signs)"
	@echo "make clean     remove everything that these targets made"

# On a terminal, PAUSE=1 makes it wait when there is something to see on the sandbox's page.
demo: $(VENV)/installed-sandbox
	@$(PY) scripts/demo.py

test: $(VENV)/installed-dev
	@echo "Running the tests (all tests can take half an hour; the first run downloads two or three versions of Terraform, about 50 MB each) ..."
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

# The stamp files record what is installed. If pyproject.toml changes, or in another checkout, the target installs again.
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
