"""The style of the window's own parts: run bar, dock titles, start page, messages.

Adds to ``conex_app.look.theme``; all colours come from there.
"""

from __future__ import annotations

from conex_app.look.panel_style import panel_sheet
from conex_app.look.theme import Theme

__all__ = ["window_sheet"]

_SHEET = """
QWidget#run-bar {{ background: {window}; border: 0; border-bottom: 1px solid {border}; }}
#run-bar QFrame[role="line"] {{ background: {border}; margin: 4px; }}
#run-bar QToolButton[role="run"] {{ background: {accent}; color: {on_accent};
    font-weight: 600; padding: 5px 14px 5px 10px; }}
#run-bar QToolButton[role="run"]:hover {{ border-color: {text}; }}
#run-bar QToolButton[role="run"]:focus {{ border-color: {text}; }}
#run-bar QToolButton[role="run"]:disabled {{ background: {raised}; color: {faint}; }}
#run-bar QToolButton[role="quiet"] {{ padding: 5px 8px; }}
#run-bar QToolButton[role="quiet"][popupMode="1"] {{ padding-right: 22px; }}
#run-bar QToolButton::menu-button {{ border: 0; width: 18px; }}
#run-bar QToolButton[role="settings"] {{ color: {muted}; padding: 5px 8px; }}
#run-bar QToolButton[role="settings"]:hover {{ color: {text}; }}
#run-bar QLabel {{ color: {muted}; }}
#run-bar QLabel#readout {{ color: {text}; font-weight: 600; }}
QDoubleSpinBox {{ background: {surface}; color: {text}; border: 1px solid {border};
    border-radius: 4px; padding: 3px 6px; min-height: 18px; }}
QDoubleSpinBox QLineEdit {{ background: transparent; border: 0; padding: 0; min-height: 0; }}
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ width: 0; border: 0; }}
QDoubleSpinBox:focus {{ border-color: {accent}; }}

#dock-title {{ background: {window}; border-bottom: 1px solid {border}; }}
#dock-title QLabel#dock-name {{ color: {muted}; font-weight: 600; padding-right: 8px; }}
#dock-title QToolButton {{ padding: 3px; color: {muted}; }}
#dock-title QToolButton::menu-indicator {{ image: none; }}

QFrame#message-bar {{ background: {surface}; border: 0; border-bottom: 1px solid {border};
    border-left: 4px solid {error}; }}
QFrame#message-bar QLabel {{ color: {text}; }}

QWidget#welcome, QWidget#welcome-page {{ background: {window}; }}
QLabel#welcome-title {{ font-size: 26pt; font-weight: 600; color: {text}; }}
QLabel#welcome-claim {{ font-size: 12pt; color: {muted}; }}
QFrame#card {{ background: {surface}; border: 1px solid {border}; border-radius: 4px; }}
QFrame#card:hover {{ border-color: {faint}; }}
QLabel#card-title {{ font-size: 13pt; font-weight: 600; color: {text}; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel#section {{ color: {muted}; font-weight: 600; padding: 4px 0; }}
QPushButton#recent {{ text-align: left; color: {muted}; padding: 5px 8px; margin-left: -8px; }}
QPushButton#recent:hover {{ color: {text}; }}

QStatusBar QPushButton {{ padding: 1px 8px; color: {muted}; }}
QStatusBar QPushButton[severity="error"] {{ color: {error}; }}
QStatusBar QPushButton[severity="warning"] {{ color: {warning}; }}
QStatusBar QLabel {{ color: {muted}; }}
"""


def window_sheet(theme: Theme) -> str:
    """Return the style sheet of the main window."""
    return panel_sheet(theme) + _SHEET.format(**vars(theme))
