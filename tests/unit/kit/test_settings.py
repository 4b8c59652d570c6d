import base64
from pathlib import Path

import pytest
from bela_kit.settings import Bind, ServiceSettings, load
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict


class ThingSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="THING_")

    slots: int = 3


def test_environment_is_read_with_the_prefix(monkeypatch):
    monkeypatch.setenv("THING_SLOTS", "5")
    monkeypatch.setenv("THING_NATS_URL", "nats://n")
    monkeypatch.setenv("SLOTS", "9")
    settings = load(ThingSettings)
    assert (settings.slots, settings.nats_url) == (5, "nats://n")
    with pytest.raises(ValidationError):
        settings.slots = 4


def test_secret_comes_from_a_file_and_stays_out_of_print(monkeypatch, tmp_path: Path):
    (tmp_path / "s").write_text("hush\n")
    monkeypatch.setenv("THING_AUTH_CLIENT_SECRET_FILE", str(tmp_path / "s"))
    settings = load(ThingSettings)
    assert settings.auth_client_secret.get_secret_value() == "hush"
    assert "hush" not in repr(settings)
    monkeypatch.setenv("THING_AUTH_CLIENT_SECRET_FILE", str(tmp_path / "nothing"))
    with pytest.raises(SystemExit, match="THING_AUTH_CLIENT_SECRET_FILE"):
        load(ThingSettings)


def test_every_wrong_variable_is_named_and_no_value_shown(monkeypatch):
    monkeypatch.setenv("THING_REST_BIND", "here-it-is")
    monkeypatch.setenv("THING_SLOTS", "many-slots")
    monkeypatch.setenv("THING_PII_MASTER_KEY", base64.b64encode(b"short-secret").decode())
    with pytest.raises(SystemExit) as caught:
        load(ThingSettings)
    text = str(caught.value)
    for name in ("THING_REST_BIND", "THING_SLOTS", "THING_PII_MASTER_KEY"):
        assert name in text
    for value in ("here-it-is", "many-slots", "short-secret", base64.b64encode(b"short-secret").decode()):
        assert value not in text


def test_production_wants_its_parts(monkeypatch):
    monkeypatch.setenv("THING_ENVIRONMENT", "production")
    with pytest.raises(SystemExit, match=r"auth_issuer.*database_app_url"):
        load(ThingSettings)


@pytest.mark.parametrize(
    ("text", "bind", "address"),
    [
        ("unix:/run/a", Bind(path="/run/a"), "unix:/run/a"),
        ("unix:///run/a", Bind(path="/run/a"), "unix:/run/a"),
        ("tcp://0.0.0.0:80", Bind(host="0.0.0.0", port=80), "0.0.0.0:80"),
        ("tcp://[::]:80", Bind(host="::", port=80), "[::]:80"),
    ],
)
def test_bind(text, bind, address):
    assert Bind.parse(text) == bind
    assert bind.grpc_address == address


@pytest.mark.parametrize(
    "text", ["", "unix:a", "unix:/" + "a" * 120, "tcp://h", "tcp://h:x", "tcp://:80", "http://h:1"]
)
def test_bad_bind(text):
    with pytest.raises(ValueError, match=r".+"):
        Bind.parse(text)


def test_a_bucket_needs_an_address_and_keys(monkeypatch):
    monkeypatch.setenv("THING_FILES_BUCKET", "papers")
    with pytest.raises(SystemExit, match="files_endpoint"):
        load(ThingSettings)
    for name in ("ENDPOINT", "KEY_ID", "SECRET"):
        monkeypatch.setenv(f"THING_FILES_{name}", "http://s3.local")
    assert load(ThingSettings).files_bucket == "papers"
