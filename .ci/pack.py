#!/usr/bin/env python3
"""Packs a folder: `.ci/pack.py FOLDER ARCHIVE` writes ARCHIVE, a .tar.gz or .zip file.

The same files give the same bytes on every machine: names are sorted, owners are dropped, modes are 644 or 755, and
each time is that of SOURCE_DATE_EPOCH.
"""

import gzip
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path

EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
PROGRAMS = {"bugle", "bugle.exe"}


def files(folder: Path):
    """Yields each file with its name in the archive and its mode."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder.parent).as_posix()
            yield path, name, 0o755 if path.name in PROGRAMS else 0o644


def tar(folder: Path, archive: Path):
    """Writes a gzipped tar file."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=EPOCH) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as out,
    ):
        for path, name, mode in files(folder):
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            info.mode = mode
            info.mtime = EPOCH
            with path.open("rb") as content:
                out.addfile(info, content)


def zip_(folder: Path, archive: Path):
    """Writes a zip file."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for path, name, mode in files(folder):
            info = zipfile.ZipInfo(name, time.gmtime(EPOCH)[:6])
            info.create_system = 3
            info.external_attr = (0o100000 | mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, path.read_bytes())


def main():
    """Packs."""
    folder, archive = Path(sys.argv[1]), Path(sys.argv[2])
    (zip_ if archive.suffix == ".zip" else tar)(folder, archive)


main()
