"""What is taken as a proof, and what only looks like one."""

import random
import struct

import pytest
from vendor_service.domain.evidence.content import PAPER_LIMIT_BYTES, PHOTO_LIMIT_BYTES, EvidenceContent
from vendor_service.domain.evidence.errors import EvidenceTypeRefused

from tests.fakes.evidence import PDF, WEBP, chunk, jpeg, png, segment

MOVIE = b"\x00\x00\x00\x18ftypmp42" + b"m" * 50_000
ZIP = b"PK\x03\x04" + b"z" * 200 + b"PK\x05\x06" + b"\0" * 18


def read(content: bytes, size: int = 7) -> tuple[EvidenceContent, bytes]:
    """Feed the bytes in small pieces, as a slow phone would send them."""
    check = EvidenceContent()
    kept = b"".join(check.take(content[at : at + size]) for at in range(0, len(content), size))
    kept += check.take(b"")  # a server may end a body with nothing
    check.finish()
    return check, kept


@pytest.mark.parametrize("size", [1, 7, 4096])
@pytest.mark.parametrize(
    ("content", "media_type", "limit"),
    [
        (jpeg(), "image/jpeg", PHOTO_LIMIT_BYTES),
        (jpeg(segment(0xE1, b"Exif\0\0" + b"x" * 3000), segment(0xC4, b"h" * 20)), "image/jpeg", PHOTO_LIMIT_BYTES),
        (png(), "image/png", PHOTO_LIMIT_BYTES),
        (png(chunk(b"tEXt", b"Author\0Siti")), "image/png", PHOTO_LIMIT_BYTES),
        (WEBP, "image/webp", PHOTO_LIMIT_BYTES),
        (PDF, "application/pdf", PAPER_LIMIT_BYTES),
    ],
)
def test_an_honest_file_is_kept_whole(content, media_type, limit, size):
    check, kept = read(content, size)
    assert (check.media_type, check.limit_bytes, kept) == (media_type, limit, content)


def test_a_progressive_photo_of_several_scans_is_walked_to_its_end():
    more = segment(0xC4, b"h" * 9) + segment(0xDA, b"\x01\x01\x00\x01\x05\x00") + b"\x77\xff\x00\x88"
    content = jpeg(scan=b"\x12\xff\x00" + more)
    assert read(content)[1] == content


@pytest.mark.parametrize("behind", [MOVIE, ZIP, b"<html><script>alert(1)</script>", b"\0"])
@pytest.mark.parametrize("size", [1, 64, 10**6])
def test_what_follows_a_jpeg_is_cut_off(behind, size):
    assert read(jpeg(behind=behind), size)[1] == jpeg()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "UNKNOWN_TYPE"),
        (b"<!DOCTYPE html><html><body>surat izin usaha</body></html>", "UNKNOWN_TYPE"),
        (b"GIF89a/*<svg/onload=alert(1)>*/=1;alert(1)", "UNKNOWN_TYPE"),
        (b"MZ\x90\x00" + b"\0" * 60, "UNKNOWN_TYPE"),
        (ZIP, "UNKNOWN_TYPE"),
        (b" " * 20 + PDF, "UNKNOWN_TYPE"),
        (b"\xff\xd8", "TOO_SHORT"),
        (b"", "TOO_SHORT"),
        (jpeg(segment(0xFE, b"<script>alert(1)</script>")), "MARKUP_INSIDE"),
        (jpeg(segment(0xFE, b"%PDF-1.4 1 0 obj")), "MARKUP_INSIDE"),
        (jpeg(segment(0xE1, b"<?php system($_GET[0]); ?>")), "MARKUP_INSIDE"),
        (jpeg()[:-2], "PICTURE_INCOMPLETE"),
        (jpeg(b"junk between segments"), "PICTURE_BROKEN"),
        (b"\xff\xd8\xff\xd9" + b"\0" * 20, "PICTURE_BROKEN"),
        (png(behind=ZIP), "DATA_BEHIND_PICTURE"),
        (png(behind=b"<script>"), "DATA_BEHIND_PICTURE"),
        (png(chunk(b"iTXt", b"XML\0\0\0\0\0<HTML onload=x>")), "MARKUP_INSIDE"),
        (png()[:-4], "PICTURE_INCOMPLETE"),
        (png().replace(b"IHDR", b"IDAX"), "PICTURE_BROKEN"),
        (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31) + b"IHDR" + b"\0" * 30, "PICTURE_BROKEN"),
        (WEBP + b"<script>alert(1)</script>", "DATA_BEHIND_PICTURE"),
        (WEBP.replace(b"VP8L", b"JUNK"), "PICTURE_BROKEN"),
        (PDF[:-7], "PAPER_INCOMPLETE"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "ACTIVE_CONTENT"),
        (PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFile 9 0 R>>"), "ACTIVE_CONTENT"),
        (PDF.replace(b"1 0 obj", b"<script>alert(1)</script>"), "MARKUP_INSIDE"),
    ],
)
@pytest.mark.parametrize("size", [3, 10**6])
def test_what_only_looks_like_a_proof_is_refused(content, problem, size):
    with pytest.raises(EvidenceTypeRefused) as caught:
        read(content, size)
    assert caught.value.metadata["problem"] == problem


def test_noise_never_breaks_the_reader():
    source = random.Random(7)
    starts = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x10\x00\x00WEBP", b"%PDF-1.7", b"")
    refused = 0
    for number in range(400):
        noise = starts[number % len(starts)] + source.randbytes(source.randrange(2000))
        try:
            read(noise, source.randrange(1, 300))
        except EvidenceTypeRefused:
            refused += 1
    assert refused >= 390
