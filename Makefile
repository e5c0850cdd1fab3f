# Everything that people do with this repository. Each target is a line or two; the work is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup run test unit e2e bench size release fmt lint audit screenshots

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what a build needs and is missing (run and test do it by themselves)
	@scripts/setup build

run: ## Build and start Taquilla on http://127.0.0.1:3000, data in ./data (ARGS="--addr …")
	@scripts/run $(ARGS)

test: ## Everything: format, lints, tests on SQLite and PostgreSQL, sizes, browser tests
	@scripts/test

unit: ## The Rust tests alone, on SQLite and PostgreSQL
	@scripts/unit

e2e: ## The browser tests alone (ARGS="-g portal" for some of them)
	@scripts/e2e $(ARGS)

bench: ## Measure speed and memory at a million tickets on both databases against the budgets
	@scripts/bench $(ARGS)

size: ## Measure what a browser downloads against the budgets
	@scripts/size

release: ## Make the archive that runs elsewhere with nothing installed
	@scripts/release

fmt: ## Format the Rust sources
	@cargo fmt --all

lint: ## Check format and lints, for the server and for WebAssembly
	@scripts/lint

audit: ## Check dependencies for advisories and licences (cargo-deny)
	@scripts/audit

screenshots: ## Take the pictures in docs/screenshots again
	@scripts/screenshots
