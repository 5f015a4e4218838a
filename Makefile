# What a developer runs. `make demo` and `make test` need Python 3.11 or newer, with venv, and nothing else.

VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

# The first Python that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# Whatever `make help` shows is no file.
.PHONY: compiled $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.DEFAULT_GOAL := help

# Compiled once, and not by every process of every test; many containers say otherwise.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

install: $(VENV)/.installed ## Create .venv and install everything that is locked

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/.installed: requirements-build.lock requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { \
		echo 'Stepwire needs Python 3.11 or newer; none was found. Name yours: make PYTHON=/path/to/python3.11' >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Stepwire needs Python 3.11 or newer; $(PYTHON) is older.' >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) has no venv module; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	'$(PYTHON)' -m venv $(VENV)
	$(PIP) --require-hashes --only-binary :all: -r requirements-build.lock
	$(PIP) --require-hashes --no-build-isolation -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

# What commands import that no test does.
compiled: install
	@$(BIN)/python -m compileall -q stepwire.py rpc protocol examples

demo: install ## Serve the example and ask it a question; ARGS=--exit ends after the answer
	@$(BIN)/stepwire demo $(ARGS)

# The biomedical example's, which know nothing of the server but how a graph is served.
EXAMPLES := tests/examples
# What other people's tools make of it: packages, proxies, clients that others wrote and generated ones, a browser that reads
# its documentation, requests that are made of its description.
TOOLS := tests/packaging tests/clients tests/dap/test_other_clients.py tests/transports/test_docs_in_a_browser.py \
	tests/transports/test_schemathesis.py
# Those of faults and those at random take as long as all others together: a target of their own.
APART := tests/faults tests/fuzz tests/vscode_ui $(EXAMPLES) $(TOOLS)
# Those of other people's MCP servers need these servers: `make mcp-servers`.
SERVERS := tests/mcp_servers

# LangGraph's own API as other people's programs call it: a target of its own too.
LANGGRAPH_API := tests/langgraph_api

# Nodes that share a PostgreSQL, killed and frozen.
CLUSTER := tests/cluster
# What holds for one server holds for two nodes behind a balancer.
BY_TWO := tests/conformance tests/debugging/test_breakpoints.py tests/debugging/test_questions.py tests/debugging/test_going_back.py \
	tests/transports/test_sse.py tests/client/test_events.py tests/langgraph_api/test_python_sdk.py

# The store on PostgreSQL; those of all stores run there too.
POSTGRES := tests/postgres
# What holds for a server, whatever it keeps things in: a part, and all.
ON_POSTGRES := tests/conformance tests/langgraph_api/test_ttl.py tests/sessions/test_lifecycle.py tests/sessions/test_listing.py tests/debugging/test_breakpoints.py
ALL_ON_POSTGRES := tests/conformance tests/sessions tests/debugging tests/client tests/transports

test: install compiled ## Run the tests; ARGS="tests/client -x" some of them
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(or $(ARGS),$(APART:%=--ignore=%) --ignore=$(CLUSTER) --ignore=$(POSTGRES) --ignore=$(LANGGRAPH_API) --ignore=$(SERVERS))

test-examples: install compiled ## The biomedical example: what it searches for, what it answers
	$(BIN)/python -m pytest -n auto --dist loadfile $(EXAMPLES) $(ARGS)

test-tools: install compiled ## What other people's tools make of it: packages, proxies, others' and generated clients, a browser, Schemathesis
	$(BIN)/python -m pytest -n auto --dist loadfile $(TOOLS) $(ARGS)

test-faults: install ## Run those of faults and those at random, in their short forms
	$(BIN)/python -m pytest -n auto --dist loadfile tests/faults tests/fuzz $(ARGS)

UI := tests/vscode_ui

test-vscode-ui: install $(UI)/dist/index.html ## VS Code's workbench in Chromium steps through a graph; needs node and Chromium
	$(BIN)/python -m pytest -n 0 $(UI) $(ARGS)

$(UI)/dist/index.html: $(UI)/node_modules/.package-lock.json $(UI)/page.js $(UI)/index.html $(UI)/vite.config.js clients/vscode/package.json clients/vscode/src/graphs.ts
	cd $(UI) && npx vite build --logLevel warn

$(UI)/node_modules/.package-lock.json: $(UI)/package-lock.json
	cd $(UI) && npm ci

test-cluster: install ## Nodes that share a PostgreSQL: each does anything, and whoever dies is replaced
	$(BIN)/python -m pytest -n 2 --dist loadfile $(CLUSTER) $(ARGS)
	STEPWIRE_TEST_TWO_NODES=1 $(BIN)/python -m pytest -n 2 --dist loadfile $(BY_TWO) $(ARGS)

cluster-load: install ## Three workers and two API nodes under load: killed, frozen, without their database for a minute, clocks apart
	STEPWIRE_TEST_CLUSTER_SESSIONS=300 $(BIN)/python -m pytest -n 0 -s -v --timeout 1800 tests/cluster/test_faults.py tests/cluster/test_load.py tests/cluster/test_connections.py $(ARGS)

test-postgres: install ## The store's tests on a PostgreSQL that they start, and what only that has
	STEPWIRE_TEST_STORE=postgres $(BIN)/python -m pytest -n auto --dist loadfile $(POSTGRES) tests/storage $(ARGS)
	STEPWIRE_TEST_DATABASE=1 $(BIN)/python -m pytest -n auto --dist loadfile $(ON_POSTGRES) $(ARGS)

test-on-postgres: install ## What holds for a server holds for one that keeps all in PostgreSQL: all of its tests, which takes long
	STEPWIRE_TEST_DATABASE=1 $(BIN)/python -m pytest -n auto --dist loadfile $(or $(ARGS),$(ALL_ON_POSTGRES))

# LangGraph's own server, to compare with; it wants other versions than ours of some packages.
LANGGRAPH_DEV := .venv-langgraph-dev

$(LANGGRAPH_DEV)/.installed: tests/langgraph_api/langgraph_dev.txt
	'$(PYTHON)' -m venv --clear $(LANGGRAPH_DEV)
	$(LANGGRAPH_DEV)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

tests/langgraph_api/npm/node_modules/.package-lock.json: tests/langgraph_api/npm/package-lock.json
	cd tests/langgraph_api/npm && npm ci --silent

test-langgraph-api: install $(LANGGRAPH_DEV)/.installed tests/langgraph_api/npm/node_modules/.package-lock.json ## LangGraph's own API, as its SDKs call it, beside its own server
	$(BIN)/python -m pytest -n auto --dist loadfile $(LANGGRAPH_API) $(ARGS)

faults: install ## Everything that is killed, filled up or cut off, a hundred kills among it
	STEPWIRE_TEST_KILLS=100 STEPWIRE_TEST_EVENTS=1000000 $(BIN)/python -m pytest -n auto --dist loadfile --timeout 600 tests/faults $(ARGS)

fuzz: install ## 100,000 frames and requests and 2,000 sequences of calls, made at random; STEPWIRE_FUZZ_SEED=N runs one again
	STEPWIRE_FUZZ_INPUTS=100000 STEPWIRE_FUZZ_SEQUENCES=2000 \
		$(BIN)/python -m pytest -n 2 --dist loadfile --timeout 7200 tests/fuzz $(ARGS)

# LOAD=3600 leaves a server under load for an hour.
LOAD ?= 600
thousand-faults: install ## A thousand random faults over 200 sessions, and a server under load for ten minutes
	STEPWIRE_TEST_FAULTS=1000 STEPWIRE_TEST_LOAD_SECONDS=$(LOAD) \
		$(BIN)/python -m pytest -n 0 -s --timeout 0 tests/faults/test_thousand_faults.py $(ARGS)

MUTANTS := .venv-mutants
# SAMPLE=0 tries all; SEED=N the same again; ROOMS=rpc/storage/planning.py one module.
SAMPLE ?= 40
mutants: install $(MUTANTS)/.installed ## Small changes of the code, one at a time: which ones do the tests not notice?
	$(MUTANTS)/bin/python tests/mutants/run.py --python $(BIN)/python --sample $(SAMPLE) $(SEED:%=--seed %) $(ROOMS)

$(MUTANTS)/.installed: tests/mutants/requirements.lock
	'$(PYTHON)' -m venv --clear $(MUTANTS)
	$(MUTANTS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/mutants/requirements.lock
	@touch $@

# They want other versions than ours of some packages; LangGraph's is the same.
PUBLIC := .venv-public-graphs
PUBLIC_LOCK := tests/public_graphs/requirements.lock

test-public-graphs: $(PUBLIC)/.installed ## Graphs of packages of others, beside plain LangGraph
	$(PUBLIC)/bin/python -m pytest -n 2 --dist worksteal $(ARGS) tests/public_graphs

$(PUBLIC)/.installed: requirements-build.lock $(PUBLIC_LOCK) pyproject.toml
	'$(PYTHON)' -m venv --clear $(PUBLIC)
	$(PUBLIC)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		-r requirements-build.lock
	$(PUBLIC)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation \
		-r $(PUBLIC_LOCK)
	$(PUBLIC)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test-newest: ## What is borrowed from LangGraph's inside, against its newest release
	'$(PYTHON)' -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade \
		langgraph pytest pytest-asyncio pytest-timeout
	.venv-newest/bin/python -m pip list --disable-pip-version-check | grep '^langgraph '
	.venv-newest/bin/python -m pytest --noconftest $(ARGS) tests/langgraph

lint: install ## Look for mistakes
	$(BIN)/ruff check .

format: install ## Lay the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

format-check: install ## Whether `make format` would change anything
	$(BIN)/ruff format --check .

types: install ## Check the types, strictly
	$(BIN)/mypy

imports: install ## Check who may import whom
	$(BIN)/lint-imports

check: lint format-check types imports test test-examples test-tools test-faults test-langgraph-api ## All of it, as CI does

image: ## Build the container image, start it as it should run, and ask it
	docker build -f deploy/Dockerfile -t stepwire .
	docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges stepwire --version

AEGRA := .venv-aegra

$(AEGRA)/.installed:
	python3.12 -m venv --clear $(AEGRA)
	$(AEGRA)/bin/python -m pip install --quiet --disable-pip-version-check aegra-api==0.6.0 greenlet
	@touch $@

bench-peers: install $(LANGGRAPH_DEV)/.installed $(AEGRA)/.installed ## Beside langgraph dev and Aegra; needs Python 3.12 and PostgreSQL
	$(BIN)/python -m benchmarks.peers $(ARGS)

bench: install ## Measure; prints ratios to in-process LangGraph
	$(BIN)/python -m benchmarks $(ARGS)

bench-console: install clients/console/node_modules/.package-lock.json ## Measure the web console in a browser that is made slower; needs Chromium
	CONSOLE_PYTHON=$(abspath $(BIN))/python node benchmarks/console.mjs $(ARGS)

npm: tests/npm/node_modules/.package-lock.json ## Install what some protocol tests compare with

tests/npm/node_modules/.package-lock.json: tests/npm/package-lock.json
	cd tests/npm && npm ci

typescript: clients/typescript/node_modules/.package-lock.json ## Test the TypeScript client by itself, and see that its package is whole
	cd clients/typescript && npm test --silent && npm pack --silent --dry-run

clients/typescript/node_modules/.package-lock.json: clients/typescript/package-lock.json
	cd clients/typescript && npm ci

vsix: clients/vscode/node_modules/.package-lock.json ## Test the extension for VS Code, and build stepwire.vsix
	cd clients/vscode && npm test --silent && npm run --silent package

clients/vscode/node_modules/.package-lock.json: clients/vscode/package-lock.json
	cd clients/vscode && npm ci

console: clients/console/node_modules/.package-lock.json ## Build the web console's page that a server serves, and test its parts
	cd clients/console && npm test --silent && npm run --silent build

test-console: install clients/console/node_modules/.package-lock.json ## Use the console in a browser as a person does
	CONSOLE_PYTHON=$(abspath $(BIN))/python node --test --test-reporter=spec $(ARGS) tests/console/console.test.mjs

clients/console/node_modules/.package-lock.json: clients/console/package-lock.json
	cd clients/console && npm ci

lock: ## Pin the newest versions pyproject.toml allows, with hashes; UPGRADE= keeps those pinned
	@test -x .venv-lock/bin/uv || { '$(PYTHON)' -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv; }
	$(COMPILE) --group build --output-file requirements-build.lock
	$(COMPILE) pyproject.toml --extra biomed --extra postgres --group dev --group build --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra biomed --extra otel --extra postgres --constraint requirements.lock --output-file deploy/requirements.lock
	sed -n 's/^\(langgraph[a-z-]*==[^ ;]*\).*/\1/p' requirements.lock > .venv-lock/langgraph.txt
	$(COMPILE) pyproject.toml tests/public_graphs/packages.in --extra biomed --constraint .venv-lock/langgraph.txt \
		--output-file $(PUBLIC_LOCK)
	$(COMPILE) tests/mutants/packages.in --output-file tests/mutants/requirements.lock

COMPILE = .venv-lock/bin/uv pip compile $(UPGRADE) --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --quiet \
	--custom-compile-command 'make lock'
UPGRADE ?= --upgrade

clean: ## Remove what was installed or built
	rm -rf $(VENV) .venv-lock .venv-langgraph-dev .venv-aegra tests/langgraph_api/npm/node_modules .venv-newest .venv-public-graphs .venv-mutants dist build tests/vscode_ui/node_modules tests/vscode_ui/dist tests/npm/node_modules
	rm -rf $(foreach client,vscode typescript,$(addprefix clients/$(client)/,node_modules dist out))

# Each in a place of its own, in no lock of ours. The last one is made for Python 3.12: under 3.11 it is there, and fails to start.
mcp-servers: ## Install other people's MCP servers, for test-mcp-servers
	python3 -m venv .mcp-servers/biomcp && .mcp-servers/biomcp/bin/pip install -q 'biomcp-python==0.7.3'
	python3 -m venv .mcp-servers/pubmedmcp && .mcp-servers/pubmedmcp/bin/pip install -q 'autocleaneeg-pubmedmcp==1.1.4' 'mcp<2'
	python3 -m venv .mcp-servers/clinicaltrials && .mcp-servers/clinicaltrials/bin/pip install -q --ignore-requires-python \
		'clinicaltrials-mcp==0.1.1' 'mcp<2'
	npm install --silent --prefix .mcp-servers/node '@cyanheads/pubmed-mcp-server@2.7.4'

test-mcp-servers: install ## Test the example with other people's MCP servers
	$(BIN)/python -m pytest -n 0 $(SERVERS) $(ARGS)
