.DEFAULT_GOAL := help
SHELL := bash
CONFIG ?= configs/quickstart.yaml

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

restore: ## Fetch packages
	dotnet restore GenCluster.sln

build: ## Build everything, warnings are errors
	dotnet build GenCluster.sln --configuration Release

test: ## Build and test, without the end-to-end tests
	./build/test.sh --quick

test-all: ## Build and test everything, as continuous integration does
	./build/test.sh

charts: ## Fetch Helm and test the charts
	./build/helm.sh
	./build/test.sh Helm

coverage: ## Line coverage of Core, Configuration and Search
	./build/test.sh --coverage

lint: restore ## Check formatting (style and analysis fail the build)
	./build/format.sh --check

fmt: ## Format all code
	./build/format.sh

bench: ## Run a benchmark; BENCH=step picks another, BENCH='micro --filter *Philox*' a small one
	dotnet run --configuration Release --project tests/GenCluster.Benchmarks -- $(or $(BENCH),allreduce)

run: ## Run a sweep; CONFIG=FILE picks another
	dotnet run --configuration Release --project src/GenCluster.Cli -- run $(CONFIG)

.PHONY: help restore build test test-all charts coverage lint fmt bench run
