# ถามคลัง: make run เปิดใช้ · make test ทดสอบ · make check ตรวจโค้ด · make bench วัดผล
PYTHON ?= python3
BIN := .venv/bin

run: .venv/installed  ## set up, take in the sample reports if the archive is empty, serve the page and the API
	$(BIN)/thamkhlang serve --samples

test: .venv/installed-dev  ## all tests, a file on each core at a time; the page's need Chromium and Thai fonts, scans Tesseract, old formats LibreOffice
	$(BIN)/pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/installed-dev  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-bench  ## figures of the README: answers, retrieval and speed beside its peers (minutes)
	$(BIN)/python -m tests.bench

bench-full: .venv/installed-bench  ## the same over all news articles (hours)
	$(BIN)/python -m tests.bench full

screenshots: .venv/installed-dev  ## the pictures of the README, anew
	$(BIN)/python -m tests.bench.screenshots

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

.venv/installed-bench: .venv/installed-dev
	$(BIN)/pip install --quiet --editable '.[dev,bench]'
	touch $@

.PHONY: run test check bench bench-full screenshots
