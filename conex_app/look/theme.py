"""Every colour of the window, in a light and a dark set, and as Qt's palette and style sheet.

Colours are ``#RRGGBB`` strings so that plots and figures can take them too. The
scientific colours are those of Okabe and Ito (safe for colour-blind readers)
and the same in both sets. Spacing follows a grid of 8 px, corners are 4 px.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = [
    "GRID",
    "RADIUS",
    "Theme",
    "apply_theme",
    "dark_theme",
    "light_theme",
    "stylesheet",
    "system_theme",
    "theme_palette",
]

GRID = 8
RADIUS = 4


@dataclass(frozen=True)
class Theme:
    """Name every colour by its use.

    ``window`` lies behind panels, ``surface`` behind things that hold content,
    ``raised`` under the mouse. ``text``, ``muted`` and ``faint`` go from main
    words to hints. ``accent`` marks the one obvious next step and the focus.
    """

    name: Literal["light", "dark"]
    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    error: str
    warning: str
    success: str
    canvas: str
    grid: str
    node: str
    node_border: str
    unknown: str
    excitatory: str = "#0072B2"
    inhibitory: str = "#D55E00"
    input: str = "#56B4E9"
    block: str = "#999999"
    stack: str = "#F0E442"
    proximal: str = "#009E73"
    distal: str = "#CC79A7"
    apical: str = "#E69F00"
    on_signal: str = "#FFFFFF"

    @property
    def is_dark(self) -> bool:
        """Tell whether light words stand on a dark ground."""
        return self.name == "dark"

    def polarity(self, value: object) -> str:
        """Return the colour of excitatory or inhibitory groups."""
        return self.inhibitory if value == "inhibitory" else self.excitatory

    def compartment(self, value: object) -> str:
        """Return the colour of a dendritic compartment; neutral when unknown."""
        known = {"Proximal": self.proximal, "Distal": self.distal, "Apical": self.apical}
        return known.get(str(value), self.block)


_LIGHT = Theme(
    name="light",
    window="#F4F5F7",
    surface="#FFFFFF",
    raised="#E9ECF0",
    border="#D5DAE1",
    text="#1C2430",
    muted="#566270",
    faint="#77828F",
    accent="#5B5BD6",
    accent_soft="#E4E4FB",
    on_accent="#FFFFFF",
    error="#C62F35",
    warning="#B26A00",
    success="#1F7A4D",
    canvas="#F8F9FB",
    grid="#DFE3E9",
    node="#FFFFFF",
    node_border="#C6CDD6",
    unknown="#B4BCC6",
)

_DARK = Theme(
    name="dark",
    window="#17191E",
    surface="#1F2228",
    raised="#2A2E36",
    border="#353A44",
    text="#E7EAEF",
    muted="#A3ACB9",
    faint="#7D8795",
    accent="#8585F5",
    accent_soft="#32335E",
    on_accent="#14151F",
    error="#F2686D",
    warning="#E5A83B",
    success="#4FBF87",
    canvas="#131519",
    grid="#262A31",
    node="#22262D",
    node_border="#3D444F",
    unknown="#5A626E",
)


def light_theme() -> Theme:
    """Return the light set."""
    return _LIGHT


def dark_theme() -> Theme:
    """Return the dark set."""
    return _DARK


def system_theme() -> Theme:
    """Return the set that the desktop asks for; light when it does not say.

    ``QGuiApplication.styleHints().colorSchemeChanged`` tells when to ask again.
    """
    scheme = QGuiApplication.styleHints().colorScheme()
    return _DARK if scheme == Qt.ColorScheme.Dark else _LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Use ``theme`` for every widget of ``app``."""
    app.setStyle("Fusion")
    app.setPalette(theme_palette(theme))
    app.setStyleSheet(stylesheet(theme))


def theme_palette(theme: Theme) -> QPalette:
    """Return ``theme`` as Qt's palette, disabled widgets included."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.PlaceholderText: theme.faint,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.raised,
        role.Mid: theme.border,
        role.Dark: theme.border,
        role.Shadow: theme.border,
    }
    made = QPalette()
    for key, value in colours.items():
        made.setColor(key, QColor(value))
    for key in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.faint))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.raised))
    return made


def stylesheet(theme: Theme) -> str:
    """Return what the palette cannot say: flat frames, spacing, corners, focus."""
    return _SHEET.format(**vars(theme), radius=RADIUS, grid_px=GRID, half=GRID // 2)


_SHEET = """
QMainWindow::separator {{ background: {border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {accent}; }}
QSplitter::handle {{ background: {border}; }}
QSplitter::handle:hover {{ background: {accent}; }}

QToolBar {{ background: {window}; border: 0; border-bottom: 1px solid {border};
    padding: {half}px {grid_px}px; spacing: {half}px; }}
QToolBar::separator {{ background: {border}; width: 1px; margin: {half}px {half}px; }}
QStatusBar {{ background: {window}; border-top: 1px solid {border}; color: {muted}; }}
QStatusBar::item {{ border: 0; }}
QMenuBar {{ background: {window}; border: 0; }}
QMenuBar::item {{ padding: {half}px {grid_px}px; border-radius: {radius}px; }}
QMenuBar::item:selected {{ background: {raised}; color: {text}; }}
QMenu {{ background: {surface}; border: 1px solid {border}; padding: {half}px; }}
QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: {radius}px; color: {text}; }}
QMenu::item:selected {{ background: {accent_soft}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: {half}px {grid_px}px; }}
QToolTip {{ background: {surface}; color: {text}; border: 1px solid {border}; padding: {half}px; }}

QDockWidget {{ color: {muted}; font-weight: 600; }}
QDockWidget::title {{ background: {window}; padding: 6px {grid_px}px; text-align: left; }}
QTabBar {{ qproperty-drawBase: 0; qproperty-elideMode: ElideNone; }}
QTabBar::tab {{ background: transparent; color: {muted}; border: 0;
    border-bottom: 2px solid transparent; padding: 6px 10px; }}
QTabBar::tab:selected {{ color: {text}; border-bottom-color: {accent}; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:focus {{ color: {accent}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {border}; }}

QPushButton {{ background: {surface}; color: {text}; border: 1px solid {border};
    border-radius: {radius}px; padding: 5px 12px; }}
QPushButton:hover {{ background: {raised}; }}
QPushButton:pressed {{ background: {border}; }}
QPushButton:focus {{ border-color: {accent}; }}
QPushButton:disabled {{ color: {faint}; background: {window}; }}
QPushButton:default, QPushButton[primary="true"] {{ background: {accent}; color: {on_accent};
    border-color: {accent}; font-weight: 600; }}
QPushButton[primary="true"]:focus {{ border-color: {text}; }}
QPushButton[flat="true"] {{ background: transparent; border-color: transparent; }}
QPushButton[flat="true"]:hover {{ background: {raised}; }}
QPushButton[flat="true"]:focus {{ border-color: {accent}; }}
QToolButton {{ background: transparent; border: 1px solid transparent;
    border-radius: {radius}px; padding: {half}px; color: {text}; }}
QToolButton:hover {{ background: {raised}; }}
QToolButton:pressed {{ background: {border}; }}
QToolButton:checked {{ background: {accent_soft}; }}
QToolButton:focus {{ border-color: {accent}; }}
QToolButton:disabled {{ color: {faint}; }}
QToolButton[popupMode="1"] {{ padding-right: 18px; }}

QAbstractItemView {{ background: {surface}; border: 0; outline: 0; }}
QTreeView::item, QListView::item {{ padding: 3px {half}px; }}
QTreeView::item:hover, QListView::item:hover {{ background: {raised}; color: {text}; }}
QTreeView::item:selected, QListView::item:selected {{ background: {accent_soft}; color: {text}; }}
QTreeView:focus, QListView:focus, QTableView:focus {{ border: 1px solid {accent}; }}
QHeaderView::section {{ background: {surface}; color: {muted}; border: 0;
    border-bottom: 1px solid {border}; padding: {half}px {grid_px}px; }}
QScrollArea {{ border: 0; }}
QFrame[frameShape="4"], QFrame[frameShape="5"] {{ color: {border}; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {border}; border-radius: {radius}px; margin: 1px; }}
QScrollBar::handle:vertical {{ min-height: 24px; }}
QScrollBar::handle:horizontal {{ min-width: 24px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QProgressBar {{ background: {raised}; border: 0; border-radius: {radius}px; height: 8px;
    text-align: center; color: {text}; }}
QProgressBar::chunk {{ background: {accent}; border-radius: {radius}px; }}
"""
