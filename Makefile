# `make` builds every deck into decks/, `make test` runs everything that continuous integration runs.
# Both set up what they need in .venv first, which takes time only once. PYTHON=… chooses the interpreter.

.DEFAULT_GOAL := decks
.PHONY: decks test test-anki-matrix histories edits golden docs bench release-check lock clean

decks:
	@scripts/set-up run
	.venv/bin/cardwright build

# One process of tests more than there are processors, since some tests wait for a browser or a file.
test:
	@scripts/set-up dev
	@scripts/install-system-packages
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest --numprocesses $$(.venv/bin/python -c "import os; print((os.cpu_count() or 1) + 1)") --dist worksteal

test-anki-matrix: # runs the tests with real Anki on several versions of it; ANKI="25.9.2 24.11" chooses
	@scripts/install-system-packages
	scripts/anki-matrix $(ANKI)

histories: # tries many more random histories of authors and learners than `make test`; HISTORIES=10000 for more
	@scripts/set-up dev
	HISTORIES=$(or $(HISTORIES),2000) .venv/bin/pytest -q tests/histories

edits: # tries many more random edits of a deck with the cache in every state than `make test`; EDITS=1000 for more
	@scripts/set-up dev
	EDITS=$(or $(EDITS),200) .venv/bin/pytest -q tests/shell/test_equal_builds.py tests/pipeline/test_whole_files.py

golden: # rewrites the golden dumps and the generated parts of docs/; read what `git diff` shows before committing them
	@scripts/set-up dev
	CARDWRIGHT_GOLDEN=1 .venv/bin/pytest -q

docs: # makes a site of the guide in build/site/; the tests check its links
	@scripts/set-up dev
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --strict

bench: # prints every measurement with its limit; WHAT="sheets reprint" chooses
	@scripts/set-up dev
	@(scripts/set-up bench && scripts/install-system-packages bench) || echo "WeasyPrint is not measured." >&2
	.venv/bin/python -m bench $(WHAT)

release-check: # builds the packages of a release in dist/, and tries them; PYTHONS="python3.14" chooses
	@scripts/set-up dev
	@scripts/set-up release
	.venv/bin/python -m scripts.release_check $(PYTHONS)

lock: # pins the dependencies again; UPGRADE=--upgrade takes the newest of each
	scripts/update-lock $(UPGRADE)

clean: # removes what was set up, and neither decks/ nor the sources
	rm -rf .venv .venv-anki build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find builder tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
