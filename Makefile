# Annulus: the commands a newcomer needs. Each is a script that says what it does.
.PHONY: run test test-all bench lint

run: ## build in release and start the demonstration clinic with a bedside on a simulated table
	@scripts/run

test: ## install what is missing and run every test
	@scripts/test

test-all: ## the long form, for release figures
	@ANNULUS_LONG=1 scripts/test

bench: ## measure, and write docs/figures.md
	@scripts/bench

lint: ## rustfmt, clippy, rustdoc at zero warnings, licences and sources
	@scripts/lint
