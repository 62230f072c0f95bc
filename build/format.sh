#!/usr/bin/env bash
# Formats all code, or says where it is not formatted (--check). Style rules with a severity fail the build itself.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
if [[ "${1:-}" == --check ]]; then
  dotnet format whitespace GenCluster.sln --no-restore --verify-no-changes
else
  dotnet restore GenCluster.sln --verbosity quiet
  dotnet format whitespace GenCluster.sln --no-restore
  dotnet format style GenCluster.sln --no-restore
fi
