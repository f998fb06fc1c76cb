"""What can be said of the look without a browser: its files, their addresses, and what they may not contain."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from rambla.ui.static import STATIC_DIRS, asset_url

UI = STATIC_DIRS["css"].parent
SHEETS = sorted(STATIC_DIRS["css"].glob("*.css"))
PICTURES = sorted(path for path in STATIC_DIRS["img"].rglob("*") if path.is_file())
MODULES = sorted(STATIC_DIRS["js"].glob("*.js"))
TEMPLATES = sorted(UI.joinpath("templates").rglob("*.html"))
NIGHT = "linear-gradient(180deg, hsl(220 40% 12%), hsl(220 30% 3%))"

OTHER_COLORS = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla|hwb|lab|lch|oklab|oklch|color|color-mix)\("
    r"|:[^;{]*\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow|navy)\b",
    re.IGNORECASE,
)
FORBIDDEN_MARKUP = re.compile(
    r"\sstyle\s*=|<style\b|\son[a-z]+\s*=|\bhx-on\b|javascript:|<script(?![^>]*\ssrc=)|\bhx-vars\b|hx-[a-z]+=.js:",
    re.IGNORECASE,
)


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(UI))) for path in paths]


@pytest.mark.parametrize("sheet", named([*SHEETS, *PICTURES]))
def test_every_color_is_written_in_hsl(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)

    assert OTHER_COLORS.findall(css) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "color: #fff",
        "color: rgb(0 0 0)",
        "fill: oklch(0.5 0 0)",
        "background: white",
        "border: 1px solid black",
    ],
)
def test_the_lint_sees_other_notations(wrong: str) -> None:
    assert OTHER_COLORS.search(wrong)


@pytest.mark.parametrize("sheet", named([path for path in SHEETS if path.stem != "tokens"]))
def test_colors_are_only_written_among_the_tokens(sheet: Path) -> None:
    css = sheet.read_text().replace(
        "--canvas-edge: hsl(0 0% 100%); --surface: hsl(0 0% 100%)", ""
    )  # paper is white

    assert "hsl(" not in css


def test_the_night_is_the_gradient_of_the_specification_and_does_not_scroll() -> None:
    base = (UI / "css/base.css").read_text()

    assert f"--night: {NIGHT};" in (UI / "css/tokens.css").read_text()
    assert "background: var(--canvas) var(--canvas-edge);\n    background-attachment: fixed;" in base
    assert re.search(r"body::before \{[^}]*position: fixed;[^}]*background: var\(--canvas\);", base)


@pytest.mark.parametrize("sheet", named([path for path in SHEETS if path.stem not in {"app", "chart"}]))
def test_every_rule_lives_in_a_layer(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    order = re.search(r"@layer ([^;]+);", (UI / "css/app.css").read_text())
    assert order

    assert re.match(rf"\s*@layer ({order[1].replace(', ', '|')}) \{{\n", css)
    assert len(re.findall(r"^\S", css, re.MULTILINE)) == 2  # the layer's line and its closing brace


@pytest.mark.parametrize("template", named(TEMPLATES))
def test_no_template_needs_what_the_content_policy_forbids(template: Path) -> None:
    assert FORBIDDEN_MARKUP.findall(template.read_text()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        '<p style="x">',
        "<style>",
        '<a onclick="x">',
        "<script>x</script>",
        '<a href="javascript:x">',
        '<b hx-on:click="x">',
    ],
)
def test_the_lint_sees_inline_code(wrong: str) -> None:
    assert FORBIDDEN_MARKUP.search(wrong)


@pytest.mark.parametrize("module", named([*MODULES, *SHEETS]))
def test_no_file_names_another_because_that_name_would_have_no_hash(module: Path) -> None:
    assert not re.search(
        r"^\s*(?:import\b|@import|export .* from)|\bimport\(|url\(", module.read_text(), re.MULTILINE
    )


def test_an_asset_has_its_content_in_its_address() -> None:
    content = (UI / "css/base.css").read_bytes()

    assert asset_url("css/base.css") == f"/static/css/base.css?v={hashlib.sha256(content).hexdigest()[:12]}"


def test_an_edited_asset_has_another_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STATIC_DIRS, "css", tmp_path)
    sheet = tmp_path / "base.css"
    sheet.write_text("a {}")
    before = asset_url("css/base.css")

    sheet.write_text("b {}")

    assert asset_url("css/base.css") != before


def test_an_asset_that_is_not_there_breaks_the_page_and_not_the_browser() -> None:
    with pytest.raises(FileNotFoundError):
        asset_url("css/absent.css")


def test_each_library_is_the_file_that_its_authors_published() -> None:
    vendor = STATIC_DIRS["vendor"]
    row = re.compile(r"^\| (\S+) \| \S+ \| [\d.]+ \| \S+ \| ([0-9a-f]{64}) \|$", re.MULTILINE)
    sums = dict(row.findall((vendor / "README.md").read_text()))
    files = [path for path in vendor.iterdir() if path.suffix in {".js", ".css"}]

    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    for name in sums:
        assert (vendor / f"{name.split('.')[0]}.LICENSE").read_text()
