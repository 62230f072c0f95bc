#!/usr/bin/env bash
# A real Kubernetes API server for the tests of the charts. Debian's source package has the whole tree and Debian's Go builds
# it; the programs land in a cache outside the work tree. The first time takes about ten minutes on one core.
#
#   build/kubernetes.sh --fetch      builds kube-apiserver and kube-controller-manager, unless they are there
#   build/kubernetes.sh              the same, and then runs the tests against them
#
# Needs root for Debian's packages (etcd, Go 1.19), and 4 GB of disk while it builds.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ArtifactsPath="${ArtifactsPath:-$PWD/artifacts}"
readonly version=1.20.2
readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/gencluster"
readonly folder="$cache/kubernetes-$version"

main() {
  case "${1:-}" in
    --fetch) fetch ;;
    "") fetch && run ;;
    *) echo "kubernetes.sh: unknown argument '$1'; see its head for what it takes" >&2; exit 2 ;;
  esac
}

run() {
  ./build/helm.sh >/dev/null
  dotnet build tests/GenCluster.Helm.Tests --configuration Release --verbosity quiet
  GENCLUSTER_KUBERNETES=1 exec "$ArtifactsPath/bin/GenCluster.Helm.Tests/release/GenCluster.Helm.Tests" --output Detailed --no-progress --filter-trait "Real=ApiServer"
}

fetch() {
  install_packages etcd-server openssl
  [[ -x $folder/kube-apiserver && -x $folder/kube-controller-manager ]] && return
  install_packages golang-1.19-go dpkg-dev
  mkdir -p "$cache"
  work="$(mktemp -d "$cache/kubernetes.XXXXXX")"
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  unpack
  compile
  mkdir -p "$folder"
  mv "$work/bin"/* "$folder/"
}

# The machine's own Debian, as source, without changing what the machine knows of it.
unpack() {
  mkdir -p "$work/lists/partial" "$work/source" "$work/go/src/k8s.io/kubernetes"
  sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$work/debian.sources"
  local apt=(-qq -o Dir::Etc::SourceList="$work/debian.sources" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$work/lists" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  (cd "$work/source" && apt-get "${apt[@]}" source --download-only kubernetes)
  tar xzf "$work"/source/kubernetes_*.orig.tar.gz -C "$work/go/src/k8s.io/kubernetes" --strip-components=1
}

compile() {
  export PATH="/usr/lib/go-1.19/bin:$PATH" GOPATH="$work/go" GOCACHE="$work/cache" GO111MODULE=off GOPROXY=off CGO_ENABLED=0 GOFLAGS=-p=1
  cd "$work/go/src/k8s.io/kubernetes"
  make_openapi
  local prefix=k8s.io/kubernetes/vendor/k8s.io
  nice go build -o "$work/bin/" \
    -ldflags "-s -w -X $prefix/component-base/version.gitVersion=v$version -X $prefix/client-go/pkg/version.gitVersion=v$version" \
    ./cmd/kube-apiserver ./cmd/kube-controller-manager
  cd - >/dev/null
}

# The package has no generated OpenAPI definitions, but what generates them.
make_openapi() {
  local packages
  packages="$(grep -rl '+k8s:openapi-gen=' --include='*.go' pkg cmd staging/src/k8s.io | grep -vE 'zz_generated|_examples|testdata|sample-|code-generator' \
    | xargs -n1 dirname | sort -u | sed 's#^staging/src/#k8s.io/kubernetes/vendor/#;t;s#^#k8s.io/kubernetes/#' | paste -sd,)"
  nice go build -o openapi-gen ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  nice ./openapi-gen -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt -O zz_generated.openapi -p k8s.io/kubernetes/pkg/generated/openapi -i "$packages" -r /dev/null
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  ((${#missing[@]} == 0)) || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null </dev/null
}

main "$@"
