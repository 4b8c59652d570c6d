"""What the gateway itself answers: the same problem document as the services', in Indonesian, with the trace id."""

from __future__ import annotations

from typing import Any

# Status Envoy chose, status sent, reason, title, detail. A wrong audience is 403 to Envoy; to us the token is no good.
REPLIES: tuple[tuple[int, int, str, str, str], ...] = (
    (400, 400, "REQUEST_MALFORMED", "Permintaan tidak valid", "Permintaan HTTP tidak dapat dibaca."),
    (401, 401, "TOKEN_INVALID", "Belum dikenali", "Token tidak ada, tidak sah, atau sudah kedaluwarsa."),
    (403, 401, "TOKEN_INVALID", "Belum dikenali", "Token ini bukan untuk Bela."),
    (404, 404, "ROUTE_UNKNOWN", "Tidak ditemukan", "Alamat ini tidak ada."),
    (408, 408, "REQUEST_TIMEOUT", "Waktu habis", "Permintaan tidak selesai dikirim pada waktunya."),
    (413, 413, "BODY_TOO_LARGE", "Terlalu besar", "Isi permintaan melebihi batas."),
    (429, 429, "RATE_LIMITED", "Terlalu sering", "Terlalu banyak permintaan; coba lagi sebentar lagi."),
    (431, 431, "HEADERS_TOO_LARGE", "Terlalu besar", "Kepala permintaan melebihi batas."),
    (502, 502, "UPSTREAM_PROTOCOL", "Gangguan", "Layanan menjawab dengan tidak semestinya."),
    (503, 503, "UNAVAILABLE", "Layanan belum siap", "Layanan sedang tidak tersedia; coba lagi sebentar lagi."),
    (504, 504, "TIMEOUT", "Waktu habis", "Layanan tidak menjawab pada waktunya."),
)


def local_replies() -> dict[str, Any]:
    """Return Envoy's `local_reply_config`; it touches only answers Envoy makes itself, never a service's."""
    return {"mappers": [_mapper(*reply) for reply in REPLIES]}


def _mapper(chosen: int, sent: int, reason: str, title: str, detail: str) -> dict[str, Any]:
    status = {"comparison": {"op": "EQ", "value": {"default_value": chosen, "runtime_key": f"reply_{chosen}"}}}
    return {
        "filter": {"status_code_filter": status},
        "status_code": sent,
        "body_format_override": {
            "content_type": "application/problem+json",
            "json_format": {
                "type": "about:blank",
                "title": title,
                "status": sent,
                "reason": reason,
                "detail": detail,
                "trace_id": "%TRACE_ID%",
            },
        },
        **({"headers_to_add": [{"header": {"key": "retry-after", "value": "1"}}]} if sent == 503 else {}),
    }
