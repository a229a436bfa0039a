# The one command surface; `make` alone lists it. Everything runs in .venv/, which tools/setup makes and keeps up to date.
# ARGS reaches the command: make test ARGS="tests/bot -k quorum", make lock ARGS=--upgrade.

BIN := .venv/bin
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --no-config --quiet \
	--universal --python-version 3.11 --only-binary :all: --generate-hashes

.DEFAULT_GOAL := help
.PHONY: help run test check format docs messages bench fire load soak lock fuzz audit image clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 15

run: ## start wgbot in this terminal, on a sample community kept in var/
	@tools/setup run
	@exec $(BIN)/wgbot terminal $(ARGS)

test: ## run all tests: the fast ones, then the slow ones
	@tools/setup dev
	@tools/test $(ARGS)

check: ## lint, format, types, architecture, what is generated: all but the tests
	@tools/setup dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m adapters.cli.reference --check
	$(BIN)/python -m adapters.cli.messages --check
	$(BIN)/python -m storage.statements.ahead --check

format: ## put the code in shape
	@tools/setup dev
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

docs: ## write what is generated: the reference, the catalogs' sentences, and the statements compiled ahead
	@tools/setup dev
	$(BIN)/python -m adapters.cli.reference
	$(BIN)/python -m tests.bot.authority
	$(BIN)/python -m adapters.cli.messages
	$(BIN)/python -m storage.statements.ahead

messages: ## bring the catalogs up to date with the sentences in the code; ARGS="--new es" begins one
	@tools/setup run
	$(BIN)/python -m adapters.cli.messages $(ARGS)

bench: ## measure speed and memory on this machine
	@tools/setup dev
	@$(BIN)/python -m tests.bench $(ARGS)

fire: ## three replicas, killed at random while people work and networks fail: N=1 SEED=…
	@tools/setup dev
	@$(BIN)/python -m tests.fire --runs $(or $(N),1) $(if $(SEED),--seed $(SEED)) $(ARGS)

load: ## how much replicas take: ARGS="--members N --replicas 1,2,3 --communities 1,8"
	@tools/setup dev
	@$(BIN)/python -m tests.fire.load $(ARGS)

soak: ## whether memory and answers stay as they are for an hour: MINUTES=60
	@tools/setup dev
	@$(BIN)/python -m tests.fire.soak $(if $(MINUTES),--minutes $(MINUTES)) $(ARGS)

lock: ## pin the newest versions pyproject.toml allows (ARGS=--upgrade), or only what it newly asks for
	@tools/setup dev
	$(LOCK) $(ARGS) --group build pyproject.toml -o requirements/run.txt
	$(LOCK) $(ARGS) --group build --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(LOCK) $(ARGS) --extra traces -c requirements/run.txt pyproject.toml -o requirements/traces.txt
	$(LOCK) $(ARGS) --group node -o requirements/node.txt
	$(LOCK) $(ARGS) --group audit -o requirements/audit.txt
	$(LOCK) $(ARGS) --group fuzz -o requirements/fuzz.txt

fuzz: ## the parsers and the record's JSON on what nobody would send, the core against its model (ARGS="mail 600": one parser, that many seconds)
	@tools/setup dev
	@tools/fuzz $(ARGS)

audit: ## ask what is publicly known against the packages wgbot runs with
	@tools/audit $(ARGS)

image: ## build the container image, and play the demo in it: read-only, and not as root
	@tools/image $(ARGS)

clean: ## remove what the others made, except var/ (the data)
	rm -rf .venv tests/support/*/node/node_modules build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot adapters storage tests -name __pycache__ -prune -exec rm -rf {} +
