"""How small the window can be made, and that nothing in its bars jumps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QTabBar

from conex_app.look.icons import icon
from conex_app.look.theme import dark_theme, light_theme
from conex_app.shell.run_bar import WORDS
from conex_app.shell.start_page import Welcome
from conex_core import examples
from conex_core.graph import edits
from conex_core.graph.model.document import Document
from conex_core.run.host import RunStatus, Stall
from tests.gui.window.conftest import neurons_of

LONG = "A name that somebody needed for a thesis, with every parameter in it " * 3
THEMES = (dark_theme(), light_theme())


def with_long_names(*, plots: bool) -> Document:
    document = edits.rename(examples.load("smallest"), neurons_of(examples.load("smallest")), LONG)
    for monitor in () if plots else document.monitors:
        document = edits.remove_monitor(document, monitor.id)
    return replace(document, name=LONG)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("plots", [True, False], ids=["plots", "no plots"])
def test_no_name_and_no_plot_makes_the_window_wider_than_a_small_screen(window, theme, plots):
    window.document.new(with_long_names(plots=plots))
    window.files._now_open()
    window.workspace.canvas.ensure_loaded()
    window.workspace.canvas.select([neurons_of(window.document.state)])
    window.set_theme(theme)
    window.status.show_run(RunStatus(state="building", doing=LONG, note=LONG), outdated=False)
    window.show_error(LONG * 3, ("Stop and reset", lambda: None))
    QApplication.processEvents()

    least = window.minimumSizeHint()

    assert least.width() <= 1000
    assert least.height() <= 650


@pytest.mark.parametrize(("width", "columns"), [(500, 1), (830, 2), (1000, 3)])
def test_the_start_page_shows_as_many_cards_side_by_side_as_fit(qtbot, width, columns):
    page = Welcome([])
    qtbot.addWidget(page)
    page.resize(width, 600)
    page.show()

    cards = (page.empty, page.examples, page.file)
    assert len({page._cards.getItemPosition(page._cards.indexOf(c))[1] for c in cards}) == columns
    assert page._page.width() <= width


def test_the_run_bar_keeps_its_size_whatever_the_theme(smallest):
    bar = smallest.run_bar
    QApplication.processEvents()
    before = (bar.minimumSizeHint(), bar.height())

    for theme in THEMES * 3:
        smallest.set_theme(theme)
        QApplication.processEvents()

    assert (bar.minimumSizeHint(), bar.height()) == before


def test_nothing_in_the_run_bar_moves_when_words_and_digits_change(smallest):
    bar = smallest.run_bar
    smallest.resize(1440, 900)
    QApplication.processEvents()
    statuses = [
        RunStatus("running", sim_ms=1.0, steps_per_second=11.0),
        RunStatus("running", sim_ms=888_888.0, steps_per_second=88_888.0),
        RunStatus("running", sim_ms=888_888.0, stall=Stall(3)),
        RunStatus("paused"),
    ]

    places = set()
    for word in WORDS:
        for status in statuses:
            smallest.actions_of["run.toggle"].setText(word)
            bar.show_status(status)
            QApplication.processEvents()
            parts = (*bar.buttons.values(), bar.duration, bar.speed, bar.time, bar.settings)
            places.add(tuple((part.x(), part.width()) for part in parts))

    assert len(places) == 1


@pytest.mark.parametrize("width", [1440, 960, 830])
def test_the_run_bar_loses_words_and_never_fields(smallest, width):
    smallest.resize(width, 650)
    QApplication.processEvents()

    bar = smallest.run_bar
    kept = (*bar.buttons.values(), bar.duration, bar.speed, bar.time, bar.settings)

    assert all(part.isVisible() and part.geometry().right() <= bar.width() for part in kept)
    told = (*bar.buttons.values(), bar.speed, bar.time)  # the duration has a width of its own
    assert all(part.width() >= part.minimumSizeHint().width() for part in told)
    assert all(button.toolTip() for button in bar.buttons.values())


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_an_icon_has_the_same_colour_under_the_mouse(qapp, theme):
    drawn = icon("ph.play-fill", theme, theme.on_accent)
    pictures = [
        drawn.pixmap(QSize(18, 18), mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active)
    ]

    assert pictures[0] == pictures[1]


def test_every_tab_has_its_whole_name_where_the_window_is_small(smallest, qtbot):
    smallest.set_theme(dark_theme())
    smallest.resize(smallest.minimumSizeHint())
    smallest.workspace.bench.docks["problems"].raise_()
    QApplication.processEvents()

    bars = [bar for bar in smallest.workspace.bench.findChildren(QTabBar) if bar.isVisible()]
    tabs = [(bar, k) for bar in bars for k in range(bar.count())]
    assert "Schedule" in [bar.tabText(k) for bar, k in tabs]
    for bar, k in tabs:
        words = bar.fontMetrics().horizontalAdvance(bar.tabText(k))
        assert bar.tabRect(k).width() >= words
        assert bar.elideMode() == Qt.TextElideMode.ElideNone
