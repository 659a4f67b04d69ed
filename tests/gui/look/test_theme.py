"""The colours: readable in both sets, complete, and worn by the whole application."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPushButton

from conex_app.look import theme

BOTH = pytest.mark.parametrize(
    "colours", [theme.light_theme(), theme.dark_theme()], ids=lambda t: t.name
)


def luminance(name: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = QColor(name).getRgbF()[:3]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@BOTH
def test_every_colour_is_written_in_full(colours):
    values = [getattr(colours, field.name) for field in fields(colours) if field.name != "name"]

    assert all(len(value) == 7 and QColor(value).isValid() for value in values)


@BOTH
@pytest.mark.parametrize("ground", ["window", "surface", "canvas", "node"])
def test_words_can_be_read_on_every_ground(colours, ground):
    behind = getattr(colours, ground)

    assert contrast(colours.text, behind) >= 7
    assert contrast(colours.muted, behind) >= 4.5
    assert contrast(colours.faint, behind) >= 3
    assert contrast(colours.error, behind) >= 4.5
    assert contrast(colours.accent, behind) >= 4.5


@BOTH
def test_words_can_be_read_on_the_accent_and_on_groups(colours):
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_signal, colours.excitatory) >= 4.5
    assert contrast(colours.on_signal, colours.inhibitory) >= 3.5


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        (Qt.ColorScheme.Dark, "dark"),
        (Qt.ColorScheme.Light, "light"),
        (Qt.ColorScheme.Unknown, "light"),
    ],
)
def test_the_set_follows_the_desktop(monkeypatch, scheme, name):
    class Hints:
        def colorScheme(self):
            return scheme

    monkeypatch.setattr("PySide6.QtGui.QGuiApplication.styleHints", lambda: Hints())

    assert theme.system_theme().name == name


@BOTH
def test_the_palette_carries_the_colours(colours):
    palette = theme.theme_palette(colours)

    assert palette.color(QPalette.ColorRole.Window) == QColor(colours.window)
    assert palette.color(QPalette.ColorRole.Accent) == QColor(colours.accent)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled == QColor(colours.faint)


@pytest.fixture
def undressed(qapp):
    """Give the application its clothes back afterwards."""
    style, palette, sheet = qapp.style().objectName(), qapp.palette(), qapp.styleSheet()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)


@BOTH
def test_widgets_wear_the_set_without_a_word_from_qt(undressed, qtbot, colours):
    button = QPushButton("Run")
    qtbot.addWidget(button)

    theme.apply_theme(undressed, colours)
    button.show()

    assert undressed.palette().color(QPalette.ColorRole.Window) == QColor(colours.window)
    assert button.grab().toImage().pixelColor(12, 6) == QColor(colours.surface)


def test_scientific_colours_follow_their_values():
    colours = theme.light_theme()

    assert colours.polarity("inhibitory") == "#D55E00"
    assert colours.polarity("excitatory") == "#0072B2"
    assert [colours.compartment(c) for c in ("Proximal", "Distal", "Apical", "?")] == [
        "#009E73",
        "#CC79A7",
        "#E69F00",
        "#999999",
    ]
