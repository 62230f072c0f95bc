#!/usr/bin/env bash
# Restores, builds with warnings as errors, runs the tests and checks; the last line is "N passed, N failed".
#
#   build/test.sh                  everything
#   build/test.sh --quick          without the end-to-end tests
#   build/test.sh --coverage       only what counts towards line coverage, and that
#   build/test.sh Core Training    these suites only
#   build/test.sh Slow             the end-to-end tests that take minutes: coordinators that die, stores, departures
#
# With CI=true a skipped test is a failure, and formatting is checked, too. The chaos suite has a command of its own,
# build/chaos.sh; its short form runs here, too, when CI has time left for it. When 14 minutes are gone before it would
# begin, it is left out: the run says so in the line before its last one, "not run: ...", and does not fail for it.
set -uo pipefail
cd "$(dirname "$0")/.."
exec </dev/null

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ArtifactsPath="${ArtifactsPath:-$PWD/artifacts}"
readonly results="$ArtifactsPath/test-results"
readonly covered="Core Configuration Search"        # line coverage above 90 %
readonly covering="Core Configuration Search Actors" # suites that count towards it
readonly minutes_before_chaos=14 # the slow tests take up to eight more, and so does chaos
readonly minutes_per_suite=15 # a suite that hangs must not hold the run for ever

passed=0 failed=0 skipped=0 running= left_out=
trap 'kill $running 2>/dev/null; exit 130' INT TERM

main() {
  local suites=() coverage=true complete=true
  case "${1:-}" in
    "") all_suites ;;
    --quick) all_suites; unset 'suites[-1]'; complete=false ;;
    --coverage) read -ra suites <<<"$covering"; complete=false ;;
    *) suites=("$@") coverage=false complete=false ;;
  esac

  rm -rf "$results" && mkdir -p "$results"
  if build; then
    local suite
    for suite in "${suites[@]}"; do
      run_suite "$suite"
    done
    if $coverage; then check_coverage; fi
    if $complete && [[ "${CI:-}" == true ]]; then
      check "formatting" build/format.sh --check
      if ((SECONDS < minutes_before_chaos * 60)); then run_suite Slow; else left_out="the slow end-to-end tests"; fi
      if ((SECONDS < minutes_before_chaos * 60)); then run_suite Chaos; else left_out="${left_out:+$left_out and }the chaos suite"; fi
      check "no test is skipped" test "$skipped" -eq 0
    fi
  fi

  sum_up
}

# End-to-end tests come last: what they find is easier to understand when all else holds.
all_suites() {
  local folder
  for folder in tests/GenCluster.*.Tests; do
    folder="${folder#tests/GenCluster.}"
    [[ "$folder" == @(EndToEnd|Chaos).Tests ]] || suites+=("${folder%.Tests}")
  done
  suites+=(EndToEnd)
}

build() {
  echo "restoring and building"
  local start=$SECONDS
  if attend dotnet build GenCluster.sln --configuration Release --verbosity quiet >"$results/build.log" 2>&1; then
    echo "built in $((SECONDS - start)) s"
  else
    cat "$results/build.log"
    failed=1
    return 1
  fi
}

# Runs one suite and adds up what its result file says. No file, or an empty one, is a failure.
run_suite() {
  local suite=$1 name="GenCluster.$1.Tests" start=$SECONDS arguments=() code p f s
  case "$suite" in
    EndToEnd) arguments=(--filter-not-trait "Speed=Slow") ;;
    Helm) arguments=(--filter-not-trait "Real=ApiServer") ;;
    Slow) name="GenCluster.EndToEnd.Tests" arguments=(--filter-trait "Speed=Slow") ;;
  esac
  local binaries="$ArtifactsPath/bin/$name/release" log="$results/$name.$suite.log" trx="$results/$name.$suite.trx"

  # Measuring coverage rewrites assemblies in place, so it gets copies of them.
  if [[ " $covering " == *" $suite "* && -d "$binaries" ]]; then
    arguments=(--coverage --coverage-output-format cobertura --coverage-output "$name.cobertura.xml" --coverage-settings "$PWD/build/coverage.xml")
    mkdir -p "$results/bin" && cp -a "$binaries" "$results/bin/$name"
    binaries="$results/bin/$name"
  fi

  attend timeout --kill-after=10 "${minutes_per_suite}m" "$binaries/$name" --no-ansi --progress off \
    --results-directory "$results" --report-trx --report-trx-filename "$name.$suite.trx" "${arguments[@]}" >"$log" 2>&1
  code=$?

  read -r p f s <<<"$(awk -f build/trx.awk "$trx" 2>/dev/null || echo 0 0 0)"
  if [[ $code -ne 0 && $f -eq 0 ]] || [[ $((p + f)) -eq 0 ]]; then
    f=$((f + 1))
    echo "$name ended with $code and ran $((p + f - 1)) tests" >>"$log"
  fi

  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '%-34s %5d passed %4d failed %4d skipped %5d s\n' "$name" "$p" "$f" "$s" "$((SECONDS - start))"
  [[ $f -eq 0 && $s -eq 0 ]] || cat "$log"
}

check_coverage() {
  local project
  for project in $covered; do
    check "line coverage of $project is above 90 %" awk -v "package=GenCluster.$project" -v minimum=90 -f build/coverage.awk "$results"/*.cobertura.xml
  done
}

# Runs a command so that a signal to this script ends it, too.
attend() {
  local code
  "$@" &
  running=$!
  wait "$running"
  code=$?
  running=
  return "$code"
}

# A check is a command; it counts as one test.
check() {
  local name=$1 start=$SECONDS output
  shift
  if output="$("$@" 2>&1)"; then
    passed=$((passed + 1))
    echo "passed: $name${output:+ ($output)} $((SECONDS - start)) s"
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n%s\n' "$name" "$output"
  fi
}

sum_up() {
  [[ -z $left_out ]] || printf '\nnot run: %s, for want of time; run build/test.sh Slow, build/chaos.sh --short\n' "$left_out"
  if [[ $skipped -eq 0 ]]; then
    echo "$passed passed, $failed failed"
  else
    echo "$passed passed, $failed failed, $skipped skipped"
  fi
  [[ $failed -eq 0 && $passed -gt 0 ]]
}

main "$@"
