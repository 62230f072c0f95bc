#!/usr/bin/env bash
# Builds the container images, or sees without any container tool that what goes into them is right.
#
#   build/images.sh            the coordinator's image and the worker's for the processor, with podman or docker
#   build/images.sh cuda       the worker's image for CUDA
#   build/images.sh --check    runs the publish commands of deploy/*.Containerfile here, and looks at what they make
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
readonly largest_coordinator=120 # MiB
version="$(sed -n 's/^appVersion: *//p' helm/gencluster/Chart.yaml)"

main() {
  case "${1:-}" in
    "") image coordinator "$version"; image worker "$version-cpu" ;;
    cuda) image worker "$version-cuda" --build-arg ACCELERATOR=cuda ;;
    --check) check ;;
    *) echo "images.sh: unknown argument '$1'; see its head for what it takes" >&2; exit 2 ;;
  esac
}

image() {
  local name=$1 tag=$2 tool arguments=()
  shift 2
  tool="$(command -v podman || command -v docker)" || { echo "images.sh: neither podman nor docker is here; --check needs none" >&2; exit 1; }
  [[ $tool != *podman ]] || arguments=(--format docker) # the other format has no health checks
  "$tool" build "${arguments[@]}" "$@" -f "deploy/$name.Containerfile" -t "gencluster/$name:$tag" .
}

check() {
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  publish coordinator
  [[ -z "$(find "$work/coordinator" -iname '*torch*')" ]] || fail "the coordinator's image would hold libtorch"
  (($(megabytes coordinator) <= largest_coordinator)) || fail "the coordinator's image would have $(megabytes coordinator) MiB on top of the runtime"
  "$work/coordinator/gencluster" --version
  frameworks coordinator/gencluster "Microsoft.AspNetCore.App Microsoft.NETCore.App "

  publish worker
  [[ -e $work/worker/libtorch/libtorch_cpu.so ]] || fail "the worker's image would lack libtorch"
  "$work/worker/gencluster-worker" --help >/dev/null
  frameworks worker/gencluster-worker "Microsoft.NETCore.App "
  echo "coordinator $(megabytes coordinator) MiB, worker $(megabytes worker) MiB"
}

# The command of the container file itself, with another place for what it makes.
publish() {
  local command
  command="$(sed -n 's/^RUN \(dotnet publish .*\)$/\1/p' "deploy/$1.Containerfile")"
  [[ $command == *" --output /app" ]] || fail "deploy/$1.Containerfile has no publish command that ends in --output /app"
  command="${command/\$\{ACCELERATOR\}/cpu}"
  eval "${command/--output \/app/--output '$work/$1' --verbosity quiet}"
}

# The runtime's image must have what the program asks for.
frameworks() {
  local asked
  asked="$(grep -o '"name": "[^"]*"' "$work/$1.runtimeconfig.json" | cut -d'"' -f4 | sort | tr '\n' ' ')"
  [[ $asked == "$2" ]] || fail "$1 asks for $asked and its image has $2"
}

megabytes() { du -sm "$work/$1" | cut -f1; }

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

main "$@"
