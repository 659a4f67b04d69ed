"""The header of a plot: nothing lies over anything else, however little room there is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from conex_app.look.panel_style import set_panel_style
from conex_app.look.theme import light_theme
from conex_app.plots.head import MonitorHead
from conex_core.catalog import load

KINDS = ("raster", "voltage", "rate")
WIDTHS = (*range(160, 480, 7), 900)


@pytest.fixture(params=KINDS)
def head(request, qtbot):
    spec = load().plot(request.param)
    around = QWidget()  # a window of its own would not become smaller than its parts
    qtbot.addWidget(around)
    around.resize(1000, 100)
    made = MonitorHead(spec.title, spec)
    made.setParent(around)
    set_panel_style(made, light_theme())
    made.set_theme(light_theme())
    made.groups.show_names("Excitatory, Inhibitory, a third one")
    around.show()
    yield made
    around.hide()


def parts(head) -> list:
    widgets = [head.row.itemAt(place).widget() for place in range(head.row.count())]
    return [widget for widget in widgets if widget is not None and widget.isVisible()]


@pytest.mark.parametrize("names", ["Excitatory", "Excitatory, Inhibitory, a third one"])
@pytest.mark.parametrize("tabbed", [False, True])
def test_the_parts_of_a_header_stand_side_by_side_at_any_width(head, tabbed, names):
    head.show_tabbed(tabbed)
    head.groups.show_names(names)
    for width in WIDTHS:
        head.resize(width, head.height())
        QApplication.processEvents()

        shown = parts(head)

        assert all(one.geometry().right() < two.x() for one, two in pairwise(shown)), width
        assert shown[-1] is head.remove
        assert head.rect().contains(head.remove.geometry())


def test_a_header_with_room_shows_all_of_its_parts(head):
    head.resize(160, head.height())
    QApplication.processEvents()

    head.resize(900, head.height())
    QApplication.processEvents()

    assert {head.name, head.groups, head.export, head.remove} <= set(parts(head))
    assert not head.over_time or head.window_length.isVisible()


def test_the_stretch_of_time_is_read_whole(head):
    room = head.window_length.minimumWidth() - 32
    assert head.window_length.fontMetrics().horizontalAdvance("1 000 ms") <= room


def test_a_field_that_is_typed_into_stays_whatever_the_room(head):
    fields = [one for one in head.fields.values() if one in parts(head)]
    for field in fields:
        head.resize(170, head.height())
        QApplication.processEvents()
        field.type_again("0, 9")

        assert field.isVisible()
        assert field.typed_text() == "0, 9"
