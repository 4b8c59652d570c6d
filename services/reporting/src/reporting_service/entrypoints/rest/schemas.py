"""Shapes of the open data for the OpenAPI document; what is inside a release is the standard's business."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Open(BaseModel):
    """Open at this level, as the standard is."""

    model_config = ConfigDict(extra="allow")


class OcdsPublisher(_Open):
    """Who publishes."""

    name: str


class OcdsRelease(_Open):
    """A release of OCDS 1.1."""

    ocid: str
    id: str
    date: str
    tag: list[str]
    initiation_type: str = Field(alias="initiationType")


class OcdsRecord(_Open):
    """One contracting process."""

    ocid: str
    releases: list[OcdsRelease]
    compiled_release: OcdsRelease = Field(alias="compiledRelease")


class _Package(_Open):
    """Envelope of OCDS 1.1."""

    uri: str
    version: str
    published_date: str = Field(alias="publishedDate")
    publisher: OcdsPublisher
    license: str


class OcdsReleasePackage(_Package):
    """A page of the release feed."""

    releases: list[OcdsRelease]
    links: dict[str, Any] | None = None


class OcdsRecordPackage(_Package):
    """The record of one process."""

    records: list[OcdsRecord]
