"""What the gateway itself answers: the same problem document as the services', in Indonesian, with the same reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of Envoy's own, and what a caller gets to read."""

    chosen: int
    """Status Envoy chose."""
    sent: int
    reason: str
    title: str
    detail: str
    cause: str = ""
    """What Envoy notes about the token check, where one status has several causes."""


# The first that fits is sent. A wrong audience is 403 to Envoy; to us such a token is as good as none.
REPLIES = (
    Reply(400, 400, "REQUEST_MALFORMED", "Permintaan tidak valid", "Permintaan HTTP tidak dapat dibaca."),
    Reply(401, 401, "TOKEN_MISSING", "Belum masuk", "Masuk terlebih dahulu untuk melanjutkan.", "Jwt_is_missing"),
    Reply(401, 401, "TOKEN_EXPIRED", "Sesi berakhir", "Sesi sudah berakhir; silakan masuk lagi.", "Jwt_is_expired"),
    Reply(401, 401, "TOKEN_INVALID", "Belum masuk", "Tanda masuk tidak dikenali."),
    Reply(403, 401, "TOKEN_INVALID", "Belum masuk", "Tanda masuk ini bukan untuk Bela."),
    Reply(404, 404, "ROUTE_UNKNOWN", "Tidak ditemukan", "Alamat ini tidak ada."),
    Reply(408, 408, "REQUEST_TIMEOUT", "Waktu habis", "Permintaan tidak selesai dikirim pada waktunya."),
    Reply(413, 413, "BODY_TOO_LARGE", "Terlalu besar", "Isi permintaan melebihi batas."),
    Reply(429, 429, "RATE_LIMITED", "Terlalu sering", "Terlalu banyak permintaan; coba lagi sebentar lagi."),
    Reply(431, 431, "HEADERS_TOO_LARGE", "Terlalu besar", "Kepala permintaan melebihi batas."),
    Reply(502, 502, "UPSTREAM_PROTOCOL", "Gangguan", "Layanan menjawab dengan tidak semestinya."),
    Reply(503, 503, "UNAVAILABLE", "Layanan belum siap", "Layanan sedang tidak tersedia; coba lagi sebentar lagi."),
    Reply(504, 504, "TIMEOUT", "Waktu habis", "Layanan tidak menjawab pada waktunya."),
)


def local_replies() -> dict[str, Any]:
    """Return Envoy's `local_reply_config`; it touches only answers Envoy makes itself, never a service's."""
    return {"mappers": [_mapper(reply) for reply in REPLIES]}


def _mapper(reply: Reply) -> dict[str, Any]:
    return {
        "filter": _filter(reply),
        "status_code": reply.sent,
        "body_format_override": {
            "content_type": "application/problem+json",
            "json_format": {
                "type": f"urn:bela:problem:{reply.reason.lower()}",
                "title": reply.title,
                "status": reply.sent,
                "reason": reply.reason,
                "detail": reply.detail,
                "fields": [],
                # Envoy has no trace id at hand here; the request id stands on the span and beside the trace id in
                # the access log, so either finds the other. What it cannot read as HTTP has neither.
                "trace_id": "" if reply.chosen == 400 else "%REQ(X-REQUEST-ID)%",
            },
        },
        **({"headers_to_add": [{"header": {"key": "retry-after", "value": "1"}}]} if reply.sent == 503 else {}),
    }


def _filter(reply: Reply) -> dict[str, Any]:
    value = {"default_value": reply.chosen, "runtime_key": f"reply_{reply.chosen}"}
    status = {"status_code_filter": {"comparison": {"op": "EQ", "value": value}}}
    if not reply.cause:
        return status
    noted = {
        "name": "envoy.access_loggers.extension_filters.cel",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
            "expression": f"response.code_details.contains('{reply.cause}')",
        },
    }
    return {"and_filter": {"filters": [status, {"extension_filter": noted}]}}
