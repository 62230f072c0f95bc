#!/usr/bin/env bash
# Sends what is malformed to all that reads from outside, for as long as wanted: the data plane, the sweep file, the Akka port.
# The tests do the same for a moment each.
#
#   build/fuzz.sh             ten minutes each
#   build/fuzz.sh MINUTES     that many
set -uo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ArtifactsPath="${ArtifactsPath:-$PWD/artifacts}"
readonly minutes="${1:-10}"
if ! [[ $minutes =~ ^[1-9][0-9]*$ ]]; then
  echo "fuzz.sh: '$minutes' is not a number of minutes" >&2
  exit 2
fi

status=0

# fuzz NAME SUITE FILTER TESTS: the time is divided among the tests
fuzz() {
  local name=$1 suite="GenCluster.$2.Tests" filter=$3 tests=$4
  dotnet build "tests/$suite" --configuration Release --verbosity quiet || { status=1; return; }
  echo "$name: $minutes minutes"
  GENCLUSTER_FUZZ_SECONDS=$((minutes * 60 / tests)) "$ArtifactsPath/bin/$suite/release/$suite" \
    --no-ansi --progress off --filter-method "$filter" || status=1
}

fuzz "the data plane" Collectives "*.FuzzTests.*" 4
fuzz "sweep files" Configuration "*.AnyContentTests.Shipped_files_damaged_anywhere" 1
fuzz "the Akka port" Server "*.AkkaPortFuzzTests.*" 2
exit $status
