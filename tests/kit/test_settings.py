"""An operator sets a thing once and can see where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rambla import settings as config
from rambla.settings import Settings, SettingsError, load


def test_nothing_set_gives_the_defaults() -> None:
    settings, origins = load()

    assert settings == Settings()
    assert {origin.origin for origin in origins} == {"default"}


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "rambla.toml"
    file.write_text('port = 1\nhost = "a"\nlog_level = "debug"\n')

    settings, origins = load({"port": 3}, {"RAMBLA_PORT": "2", "RAMBLA_HOST": "b"}, file)

    assert (settings.port, settings.host, settings.log_level) == (3, "b", "debug")
    assert {o.key: o.origin for o in origins if o.origin != "default"} == {
        "port": "flag",
        "host": "environment RAMBLA_HOST",
        "log_level": str(file),
    }


def test_the_names_that_the_world_agreed_on_stand_without_a_prefix() -> None:
    settings, _ = load(environ={"DATABASE_URL": "postgresql://a", "SMTP_URL": "smtp://b"})

    assert (settings.database_url, settings.smtp_url) == ("postgresql://a", "smtp://b")


@pytest.mark.parametrize(
    ("environ", "near"),
    [({"RAMBLA_PROT": "1"}, "RAMBLA_PORT"), ({"RAMBLA_LOGLEVEL": "info"}, "RAMBLA_LOG_LEVEL")],
)
def test_an_unknown_variable_names_the_nearest_one(environ: dict[str, str], near: str) -> None:
    with pytest.raises(SettingsError, match=f"did you mean {near}"):
        load(environ=environ)


def test_an_unknown_key_of_the_file_names_the_nearest_one(tmp_path: Path) -> None:
    file = tmp_path / "rambla.toml"
    file.write_text("data_dri = 'x'\n")

    with pytest.raises(SettingsError, match="did you mean data_dir"):
        load(file=file)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="not UTF-8"):
        load(file=tmp_path / "binary.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(file=tmp_path)


@pytest.mark.parametrize(
    "environ",
    [
        {"RAMBLA_PORT": "many"},
        {"RAMBLA_PORT": "70000"},
        {"RAMBLA_LOG_FORMAT": "xml"},
        {"RAMBLA_DEMO": "perhaps"},
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(environ: dict[str, str]) -> None:
    (variable,) = environ

    with pytest.raises(SettingsError, match=variable.removeprefix("RAMBLA_").lower()):
        load(environ=environ)


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "rambla.toml"
    file.write_text("port = ")

    with pytest.raises(SettingsError, match="not valid TOML"):
        load(file=file)


def test_a_child_process_gets_the_same_settings_through_its_environment() -> None:
    settings = Settings(port=81, demo=False, rate_limits=False, database_url="postgresql://x", job_grace=1.5)

    assert load(environ=config.environment(settings))[0] == settings


def test_every_setting_says_what_it_is() -> None:
    assert all(config.describe(key).endswith(".") for key in Settings.__struct_fields__)
