"""A hand at random: mouse, wheel, keys and drops into whatever would get them."""

from __future__ import annotations

import random
from contextlib import suppress

import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

__all__ = ["Hand", "drop", "drop_drags_on"]

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_BUTTONS = (_LEFT, _LEFT, _LEFT, _LEFT, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton)
_MODIFIERS = (
    *(_NONE,) * 6,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class Hand:
    """Move, press, type; goes through Qt's window system, as real events do."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.held: tuple[QWidget, Qt.MouseButton] | None = None

    def target(self, draw: random.Random) -> QWidget:
        """Return the top-level widget that gets the mouse now."""
        first = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if first is not None:
            return first
        shown = [each for each in QApplication.topLevelWidgets() if _takes_mouse(each)]
        others = sorted((each for each in shown if each is not self.window), key=_by_name)
        return draw.choice(others) if others and draw.random() < 0.1 else self.window

    def somewhere(self, draw: random.Random, top: QWidget) -> QPoint:
        """Return a point of a top-level widget: anywhere, or on one of its parts."""
        part = top
        if draw.random() < 0.75:
            parts = [each for each in top.findChildren(QWidget) if each.isVisible()]
            part = draw.choice(parts) if parts else top
        point = QPoint(draw.randrange(max(part.width(), 1)), draw.randrange(max(part.height(), 1)))
        point = part.mapTo(top, point) if part is not top else point
        return point if top.rect().contains(point) else top.rect().center()

    def activate(self, top: QWidget) -> None:
        """Give a window the keyboard, as a window manager does; there is none here.

        Without this no widget has the focus, and keys and fields are not tried at all.
        """
        if QApplication.activePopupWidget() is None and not _is_active(top):
            top.activateWindow()
            QApplication.processEvents()

    def move(self, top: QWidget, at: QPoint) -> None:
        """Move the mouse."""
        if (window := _window(top)) is not None:
            QTest.mouseMove(window, at)

    def press(self, top: QWidget, at: QPoint, draw: random.Random) -> None:
        """Press a button and keep it down; one at a time."""
        self.activate(top)
        window = _window(top)
        if window is not None and self.held is None:
            button = draw.choice(_BUTTONS)
            self.held = (top, button)
            QTest.mousePress(window, button, draw.choice(_MODIFIERS), at)

    def release(self, top: QWidget, at: QPoint) -> None:
        """Let go of the button that is down."""
        if self.held is not None:
            (_, button), self.held = self.held, None
            if (window := _window(top)) is not None:
                QTest.mouseRelease(window, button, _NONE, at)

    def click(
        self, top: QWidget, at: QPoint, draw: random.Random, button: Qt.MouseButton = _LEFT
    ) -> None:
        """Press and let go."""
        self.release(top, at)
        self.activate(top)
        if (window := _window(top)) is not None:
            QTest.mouseClick(window, button, draw.choice(_MODIFIERS), at)

    def double_click(self, top: QWidget, at: QPoint) -> None:
        """Click twice."""
        self.release(top, at)
        self.activate(top)
        if (window := _window(top)) is not None:
            QTest.mouseDClick(window, _LEFT, _NONE, at)

    def drag(self, top: QWidget, start: QPoint, end: QPoint) -> None:
        """Press at one point, move in some steps, let go at another."""
        self.release(top, start)
        self.activate(top)
        window = _window(top)
        if window is None:
            return
        self.held = (top, _LEFT)
        QTest.mouseMove(window, start)
        QTest.mousePress(window, _LEFT, _NONE, start)
        for part in range(1, 4):
            window = _window(top)  # asked anew: a move may make it another one, or none
            if self.held is not None and window is not None:
                QTest.mouseMove(window, start + (end - start) * part / 3)
        self.release(top, end)

    def wheel(self, top: QWidget, at: QPoint, draw: random.Random) -> None:
        """Turn the wheel."""
        if (window := _window(top)) is not None:
            angle = QPoint(0, draw.choice((-360, -120, 120, 360)))
            QTest.wheelEvent(window, QPointF(at), angle, QPoint(), draw.choice(_MODIFIERS))

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Press a key in whatever has the keyboard."""
        widget = self._keyboard()
        with suppress(RuntimeError):  # the press may take the widget away: then no release
            QTest.keyPress(widget, key, modifiers)
            if shiboken6.isValid(widget):
                QTest.keyRelease(widget, key, modifiers)

    def type(self, text: str) -> None:
        """Type signs one by one."""
        for sign in text:
            widget, key = self._keyboard(), Qt.Key(ord(sign.upper()))
            with suppress(RuntimeError):
                QTest.sendKeyEvent(QTest.KeyAction.Press, widget, key, sign, _NONE)
                if shiboken6.isValid(widget):
                    QTest.sendKeyEvent(QTest.KeyAction.Release, widget, key, sign, _NONE)

    def _keyboard(self) -> QWidget:
        """Return who gets the keys.

        A widget, not its QWindow: PySide may hand out the wrapper of a window that is
        gone for a new one at the same address, and a key sent to that crashes.
        """
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup.focusWidget() or popup
        if QApplication.activeWindow() is None:
            self.activate(QApplication.activeModalWidget() or self.window)
        found = QApplication.focusWidget() or QApplication.activeModalWidget()
        return found or QApplication.activeWindow() or self.window


def drop(widget: QWidget, data: QMimeData, at: QPoint) -> bool:
    """Send a widget what Qt sends when something is dragged over it and dropped."""
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(at, action, data, _LEFT, _NONE)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDragMoveEvent(at, action, data, _LEFT, _NONE))
    event = QDropEvent(QPointF(at), action, data, _LEFT, _NONE)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop_drags_on(choose) -> None:
    """Let drags begun by the mouse end on the widget and point that ``choose`` returns.

    A real drag waits in a loop of the window system, which has no screen here.
    """

    def execute(drag: QDrag, *_actions: object) -> Qt.DropAction:
        found = choose()
        taken = found is not None and drop(found[0], drag.mimeData(), found[1])
        return Qt.DropAction.CopyAction if taken else Qt.DropAction.IgnoreAction

    QDrag.exec = execute


def _window(top: QWidget) -> QWindow | None:
    """Return the window of a widget; None if the last event took it away."""
    found = top.windowHandle() if shiboken6.isValid(top) and top.isVisible() else None
    return found if found is not None and shiboken6.isValid(found) else None


def _is_active(top: QWidget) -> bool:
    return not shiboken6.isValid(top) or not top.isVisible() or top.isActiveWindow()


def _takes_mouse(widget: QWidget) -> bool:
    kind = widget.windowType()
    return widget.isVisible() and kind not in (Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)


def _by_name(widget: QWidget) -> tuple[str, str, int]:
    return type(widget).__name__, widget.windowTitle(), widget.x()
