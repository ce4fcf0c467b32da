"""Settings are read once, checked, and refused aloud."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from wenze.settings import Settings, SettingsRefused, described, variable


def test_without_any_variable_everything_has_a_default() -> None:
    assert Settings.read({"PATH": "/bin"}) == Settings()


def test_a_variable_sets_its_setting() -> None:
    settings = Settings.read({"WENZE_PORT": "9000", "WENZE_INSTANCE": "/srv/wenze", "WENZE_SECURE_COOKIES": "yes"})

    assert (settings.port, settings.instance, settings.secure_cookies) == (9000, Path("/srv/wenze"), True)


def test_a_variable_that_names_no_setting_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="WENZE_PROT is no setting"):
        Settings.read({"WENZE_PROT": "9000"})


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        Settings.read({"WENZE_PORT": "eighty", "WENZE_ZONE": "Asia/Shangri-La", "WENZE_LOG": "xml"})

    assert len(refused.value.findings) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "8" * 5000),
        ("PORT", "８０００"),
        ("THREADS", "0"),
        ("CLOCK_SECONDS", "0"),
        ("SECURE_COOKIES", "perhaps"),
        ("ZONE", "../../etc/passwd"),
        ("DATABASE", "mysql://host/wenze"),
        ("DATABASE", "sqlite://"),
        ("DATABASE", "sqlite:///:memory:"),
        ("DATABASE", "not an address"),
        ("SIGN_IN_BY_LOGIN", "now and then"),
        ("METRICS_FROM", "everywhere"),
        ("SECRET_KEY", "short"),
        ("METRICS_TOKEN", "short"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=f"WENZE_{name}"):
        Settings.read({f"WENZE_{name}": value})


def test_postgresql_is_reached_with_the_driver_we_ship() -> None:
    settings = Settings.read({"WENZE_DATABASE": "postgresql://wenze:secret@db/wenze"})

    assert settings.database_url == "postgresql+psycopg://wenze:secret@db/wenze"


def test_without_a_database_it_lies_in_the_instance_folder() -> None:
    assert Settings(instance=Path("/srv/wenze")).database_url == "sqlite:////srv/wenze/wenze.sqlite"


def test_no_secret_is_in_the_text_of_the_settings() -> None:
    settings = Settings.read(
        {
            "WENZE_DATABASE": "postgresql://wenze:hunter2@db/wenze",
            "WENZE_SECRET_KEY": "hunter2" * 8,
            "WENZE_METRICS_TOKEN": "hunter2" * 8,
            "WENZE_PROTECTION_KEYS": "hunter2",
            "WENZE_RATE_STORE": "redis://:hunter2@cache",
        }
    )

    assert "hunter2" not in repr(settings)


def test_every_setting_is_described() -> None:
    names = [name for name, _, about in described() if about]

    assert names == [variable(field.name) for field in dataclasses.fields(Settings)]
