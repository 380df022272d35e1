#!/usr/bin/env python3
"""Prints the licences of all packages that are compiled into the program for one target.

`.ci/third_party.py TARGET` asks cargo for the packages, and takes the licence files from their sources. A package
that has none is used under Apache 2.0, where it may be: the text is the one of this project. Otherwise it is an error.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)
CODE = {".rs", ".c", ".h", ".py", ".toml", ".json"}
# zstd is under BSD or GPL 2, as its users prefer; bugle uses it under BSD.
NOT_CHOSEN = ("zstd/COPYING",)
APACHE = Path("LICENSE-APACHE")


def metadata(target: str) -> dict:
    """Returns what cargo knows of this project and its dependencies."""
    command = ["cargo", "metadata", "--locked", "--features", "parquet", "--format-version", "1"]
    command += ["--filter-platform", target]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def linked(data: dict) -> list[dict]:
    """Returns the packages that are compiled into the program, sorted by name."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    root = data["resolve"]["root"]
    found, open_ = {root}, [root]
    while open_:
        for dependency in nodes[open_.pop()]["deps"]:
            normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if normal and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                open_.append(dependency["pkg"])
    packages = [package for package in data["packages"] if package["id"] in found - {root}]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def licence_files(package: dict) -> list[Path]:
    """Returns the licence files of a package, with those of C sources in it."""
    folder = Path(package["manifest_path"]).parent
    candidates = [*folder.iterdir(), *folder.glob("*/*"), *folder.glob("LICENSES/*")]
    named = {path for path in candidates if NAMES.match(path.name) or path.parent.name == "LICENSES"}
    chosen = (path for path in named if not path.as_posix().endswith(NOT_CHOSEN))
    return sorted(path for path in chosen if path.is_file() and path.suffix not in CODE)


def main() -> int:
    """Prints a list of packages, then each text once with the packages that it belongs to."""
    packages = linked(metadata(sys.argv[1]))
    texts: dict[str, tuple[str, list[str]]] = {}
    without = []
    lines = []
    for package in packages:
        title = f"{package['name']} {package['version']}"
        lines.append(f"- {title}: {package['license']}, {package['repository']}")
        files = licence_files(package)
        if not files and re.search(r"\bApache-2\.0\b(?! WITH)", package["license"] or ""):
            files = [APACHE]
        if not files:
            without.append(title)
        for file in files:
            text = file.read_text(encoding="utf-8", errors="replace").strip()
            key = " ".join(text.split())
            owners = texts.setdefault(key, (text, []))[1]
            if title not in owners:
                owners.append(title)
    out = ["bugle contains the following packages. The texts of their licences stand below the list.", ""]
    out += lines
    for text, owners in texts.values():
        out += ["", "=" * 80, *owners, "=" * 80, "", text]
    sys.stdout.buffer.write(("\n".join(out) + "\n").encode())
    if without:
        print(f"error: no licence file in the sources of {', '.join(without)}", file=sys.stderr)
    return 1 if without else 0


sys.exit(main())
