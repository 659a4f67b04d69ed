"""Areas in a grid: the same answers as a look at each of them."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from conex_app.canvas.scene.occupied import Occupied

AREAS = [QRectF(x * 300.0, y * 170.0, 190, 110) for x in range(-4, 5) for y in range(-4, 5)]


def test_what_is_free_is_what_no_area_meets():
    occupied = Occupied(AREAS)
    rooms = [
        QRectF(x, y, w, 40)
        for x in range(-1500, 1600, 97)
        for y in (-700, 15, 140, 900)
        for w in (20, 90, 4000)
    ]

    found = [occupied.is_free(room) for room in rooms]

    assert found == [not any(room.intersects(area) for area in AREAS) for room in rooms]
    assert {True, False} == set(found)


def test_the_lowest_edge_is_known():
    assert Occupied(AREAS).bottom == 4 * 170 + 110
