# `make` builds every deck into decks/, `make test` runs all that continuous integration runs.
# Both set up what they need in .venv first; running them again is quick. PYTHON=… chooses the interpreter.

.DEFAULT_GOAL := decks
.PHONY: decks test golden bench lock clean

decks:
	@scripts/set-up run
	.venv/bin/cardwright build

test:
	@scripts/set-up dev
	@scripts/install-system-packages
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest

golden: # writes the golden dumps anew; read what `git diff` shows before committing them
	@scripts/set-up dev
	CARDWRIGHT_GOLDEN=1 .venv/bin/pytest -q

bench:
	@scripts/set-up dev
	.venv/bin/python -m bench

lock: # pins the dependencies anew; UPGRADE=--upgrade takes the newest of each
	scripts/update-lock $(UPGRADE)

clean: # removes what was set up; decks/ and the sources stay
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find builder tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
