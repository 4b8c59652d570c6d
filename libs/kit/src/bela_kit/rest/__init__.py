"""Everything a service needs for its REST edge, under one name.

The modules inside are for reading; services import from here.
"""

from bela_kit.health import create_probe_app
from bela_kit.rest.app import create_app
from bela_kit.rest.context import (
    EtagMismatch,
    IfMatchRequired,
    OperatorContext,
    OperatorOnly,
    PublicContext,
    RequestContext,
    RoleMissing,
    TenantContext,
    check_if_match,
)
from bela_kit.rest.edge import Effect, IdempotencyKeyRequired, idempotent, in_tenant
from bela_kit.rest.errors import BodyTooLarge, RouteUnknown, SchemaViolation, problem
from bela_kit.rest.openapi import documented
from bela_kit.rest.schema import Rupiah, Schema, encoded, etag_of, json_response

__all__ = [
    "BodyTooLarge",
    "Effect",
    "EtagMismatch",
    "IdempotencyKeyRequired",
    "IfMatchRequired",
    "OperatorContext",
    "OperatorOnly",
    "PublicContext",
    "RequestContext",
    "RoleMissing",
    "RouteUnknown",
    "Rupiah",
    "Schema",
    "SchemaViolation",
    "TenantContext",
    "check_if_match",
    "create_app",
    "create_probe_app",
    "documented",
    "encoded",
    "etag_of",
    "idempotent",
    "in_tenant",
    "json_response",
    "problem",
]
