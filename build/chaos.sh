#!/usr/bin/env bash
# Strikes running sweeps with the faults of docs/chaos.md, and sees that each ends as the undisturbed one does.
#
#   build/chaos.sh                 every fault, once
#   build/chaos.sh --seeds 5       every fault with five seeds
#   build/chaos.sh --soak 30       one sweep after another for 30 minutes, with faults of all kinds: nothing may grow
#   build/chaos.sh --short         the few that build/test.sh runs, too
#   build/chaos.sh 3 6             these faults
#   build/chaos.sh --write         puts the figures in docs/chaos.md
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ArtifactsPath="${ArtifactsPath:-$PWD/artifacts}"
export GENCLUSTER_CHAOS=all GENCLUSTER_SEEDS=1
faults=()
while (($# > 0)); do
  case "$1" in
    --short) GENCLUSTER_CHAOS="" ;;
    --soak) faults+=(22); export GENCLUSTER_SOAK="$2"; shift ;;
    --seeds) GENCLUSTER_SEEDS="$2"; shift ;;
    --write) export GENCLUSTER_CHAOS_REPORT="$PWD/docs/chaos.md" ;;
    [0-9]*) faults+=("$1") ;;
    *) echo "chaos.sh: unknown argument '$1'; see its head for what it takes" >&2; exit 2 ;;
  esac
  shift
done
if ((${#faults[@]} > 0)); then
  GENCLUSTER_CHAOS="$(IFS=,; echo "${faults[*]}")"
fi

dotnet build tests/GenCluster.Chaos.Tests --configuration Release --verbosity quiet
exec "$ArtifactsPath/bin/GenCluster.Chaos.Tests/release/GenCluster.Chaos.Tests" --output Detailed --progress off --xunit-diagnostics on
