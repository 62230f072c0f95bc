#!/usr/bin/env bash
# Writes what the programs are made of: a software bill of materials (CycloneDX) and the licences of all packages.
#
#   build/sbom.sh            artifacts/sbom/gencluster.cdx.json and docs/licences.md
#   build/sbom.sh --check    says whether docs/licences.md is as it would be written
#
# Reads what the restore of the two programs resolved, so build before. The runtime and the base library are not packages; the
# SDK's version in the bill says which they are. A test holds the licences against those that are allowed.
set -euo pipefail
cd "$(dirname "$0")/.."
export ArtifactsPath="${ArtifactsPath:-$PWD/artifacts}"
exec python3 build/sbom.py "$@"
