"""Packages: the envelope in which releases and records are published."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
_SCALE_EXTENSION = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_partyDetails_scale_extension/master/extension.json"


def release_package(
    *, uri: str, publisher: str, published: datetime | None, releases: Sequence[Any], next_uri: str | None = None
) -> Json:
    """Return a page of the release feed."""
    package = {**_envelope(uri, publisher, published), "releases": list(releases)}
    if next_uri:
        package["links"] = {"next": next_uri}
    return package


def record_package(
    *, uri: str, publisher: str, published: datetime | None, ocid: str, releases: Sequence[Any], compiled: Any
) -> Json:
    """Return one contracting process: every release of it, and what they add up to."""
    record = {"ocid": ocid, "releases": list(releases), "compiledRelease": compiled}
    return {**_envelope(uri, publisher, published), "records": [record]}


def _envelope(uri: str, publisher: str, published: datetime | None) -> Json:
    moment = (published or datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    return {
        "uri": uri,
        "version": "1.1",
        "extensions": [_SCALE_EXTENSION],
        "publishedDate": moment.isoformat().replace("+00:00", "Z"),
        "publisher": {"name": publisher},
        "license": LICENSE,
    }
