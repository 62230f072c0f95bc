"""What build/sbom.sh does; see there."""

import base64
import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ARTIFACTS = pathlib.Path(os.environ.get("ArtifactsPath", ROOT / "artifacts"))
PROGRAMS = ["GenCluster.Cli", "GenCluster.Worker"]
LIST = ROOT / "docs" / "licences.md"


def said_by_hand():
    lines = (ROOT / "build" / "licences.txt").read_text().splitlines()
    return dict(line.split(None, 2)[:2] for line in lines if line and not line.startswith("#"))


def packages():
    """Name, version and folder of every package of the programs, and the SHA-512 that the restore checked."""
    found = {}
    for program in PROGRAMS:
        path = ARTIFACTS / "obj" / program / "project.assets.json"
        if not path.exists():
            sys.exit(f"sbom.sh: {path} is not there; build the programs first: make build")
        assets = json.loads(path.read_text())
        folders = [pathlib.Path(folder) for folder in assets["packageFolders"]]
        for key, library in assets["libraries"].items():
            if library["type"] == "package":
                folder = next(f / library["path"] for f in folders if (f / library["path"]).exists())
                name, version = key.split("/")
                found[name.lower()] = (name, version, folder, library.get("sha512", ""))
    return [found[name] for name in sorted(found)]


def licence(name, folder, by_hand):
    text = next(folder.glob("*.nuspec")).read_text(encoding="utf-8-sig")
    expression = re.search(r'<license\s+type="expression">([^<]+)</license>', text)
    return expression.group(1).strip() if expression else by_hand.get(name, "unknown")


def component(name, version, digest, said):
    one = {
        "type": "library",
        "bom-ref": f"pkg:nuget/{name}@{version}",
        "name": name,
        "version": version,
        "purl": f"pkg:nuget/{name}@{version}",
        "licenses": [{"expression": said}] if " " in said or said.startswith("LicenseRef-") else [{"license": {"id": said}}],
    }
    if digest:
        one["hashes"] = [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}]
    return one


def bill(rows):
    version = re.search(r"<VersionPrefix>([^<]+)", (ROOT / "Directory.Build.props").read_text()).group(1)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "gencluster", "name": "gencluster", "version": version, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": [component(name, version, digest, said) for name, version, digest, said in rows],
        "dependencies": [{"ref": "gencluster", "dependsOn": [f"pkg:nuget/{name}@{version}" for name, version, _, _ in rows]}],
    }


def listing(rows):
    lines = [
        "# Licences of what GenCluster is built on",
        "",
        "Written by `build/sbom.sh`, which also makes a bill of materials (CycloneDX) in `artifacts/sbom`. All packages of `gencluster` and",
        "`gencluster-worker`, with what they bring; a test refuses any licence that is not in its list. .NET itself is under the MIT licence.",
        "",
        "| package | licence |",
        "| --- | --- |",
    ]
    return "\n".join(lines + [f"| {name} | {said} |" for name, _, _, said in rows]) + "\n"


def main():
    by_hand = said_by_hand()
    rows = [(name, version, digest, licence(name, folder, by_hand)) for name, version, folder, digest in packages()]
    text = listing(rows)
    if sys.argv[1:] == ["--check"]:
        if not LIST.exists() or LIST.read_text() != text:
            sys.exit("docs/licences.md is not what the packages say; run build/sbom.sh")
        return
    LIST.write_text(text)
    target = ARTIFACTS / "sbom" / "gencluster.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(rows), indent=2) + "\n")
    print(f"{len(rows)} packages: {target}, {LIST}")


main()
