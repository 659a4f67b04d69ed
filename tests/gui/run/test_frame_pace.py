from __future__ import annotations

from conex_app.run.frame_pace import FramePace


def test_cheap_frames_are_drawn_at_every_tick(qapp):
    pace = FramePace()
    for _ in range(50):
        pace.painted(0.002)

    assert [pace.due() for _ in range(4)] == [True] * 4


def test_dear_frames_are_drawn_at_every_second_tick(qapp):
    pace = FramePace()
    for _ in range(50):
        pace.painted(0.020)

    assert [pace.due() for _ in range(4)] == [False, True, False, True]


def test_a_frame_is_measured_until_it_is_painted(qtbot):
    now = [0.0]
    pace = FramePace(clock=lambda: now[0])

    pace.draw(lambda: now.__setitem__(0, 0.05))

    qtbot.waitUntil(lambda: pace.cost > 0)
    assert pace.cost < 0.05
