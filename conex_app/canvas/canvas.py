"""The canvas: the widget that the window holds.

It is there at once, empty, and draws the network as soon as NodeGraphQt is
imported, a piece at a time after the first paint. It shows the document and
sends edits; it keeps nothing but the selection and what others tell it to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from conex_app.canvas.breadcrumb import Breadcrumb
from conex_app.canvas.empty_hint import Hint
from conex_app.canvas.gestures.block_commands import BlockCommands
from conex_app.canvas.gestures.gestures import DropBlock, Gestures
from conex_app.canvas.gestures.keys import handle
from conex_app.canvas.gestures.menu import menu_for
from conex_app.canvas.gestures.node_commands import NodeCommands
from conex_app.canvas.minimap import Minimap
from conex_app.canvas.painting.block_contents import pairs_of
from conex_app.canvas.painting.pens import Style
from conex_app.canvas.scene import loading
from conex_app.canvas.scene.marks import glow, problems_by_node, wear_marks
from conex_app.canvas.scene.placing import united
from conex_app.canvas.tips import tip_of_node, tip_of_port
from conex_app.look.theme import Theme, system_theme
from conex_app.project.checks import Checker
from conex_app.project.document import ProjectDocument
from conex_core.catalog import Catalog
from conex_core.graph.checks.problems import Problem
from conex_core.graph.model.document import Definition, Document, Link, Monitor
from conex_core.graph.model.kinds import NEURON_GROUP

if TYPE_CHECKING:
    from conex_app.canvas.gestures.interactive_view import InteractiveView
    from conex_app.canvas.level_views import Levels
    from conex_app.canvas.painting.node_face import PortFace
    from conex_app.canvas.scene.display import Display

__all__ = ["Canvas"]

ZOOM_STEP = 1.25


class Canvas(QWidget):
    """Draw the network of ``document`` and turn gestures into its edits."""

    selection_changed = Signal(tuple)  # ids of the selected nodes
    refused = Signal(str)  # why the last gesture did nothing
    told = Signal(str)  # what else the last gesture has done
    node_activated = Signal(str)  # id of a node that was double-clicked or entered
    example_dropped = Signal(str)  # name of an example dropped from the palette
    rename_wanted = Signal(str)  # id of a new node that wants a name
    save_block_wanted = Signal(str)  # id of the definition to keep in the library
    update_block_wanted = Signal(str)  # id of the definition that the library has a newer one of
    loaded = Signal()  # the network is drawn

    def __init__(
        self,
        document: ProjectDocument,
        catalog: Catalog,
        parent: QWidget | None = None,
        *,
        checker: Checker | None = None,
        open_example: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.gestures = Gestures(document, catalog)
        self.can_save_blocks = False  # until somebody listens to save_block_wanted
        self.nodes, self.blocks = NodeCommands(self), BlockCommands(self)
        self.style_of_nodes = Style(system_theme())
        self.display: Display | None = None
        self.view: InteractiveView | None = None
        self._problems: list[Problem] = []
        self._of_run: list[Problem] = []
        self._failed: str | None = None
        self.newer_blocks = frozenset[str]()  # definitions that the library has a newer one of
        self._activity: Mapping[str, float] = {}
        self._shown = Definition("main", "Network")
        self._monitors: tuple[Monitor, ...] = ()
        self._levels: Levels | None = None
        self._steps: Iterator[Callable[[], None]] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._load_a_piece)
        self.hint = Hint(self)
        self.hint.setVisible(not document.state.network.nodes)
        self.breadcrumb = Breadcrumb(document, self)
        self.breadcrumb.chosen.connect(self.blocks.go)
        self.minimap = Minimap(self.style_of_nodes.theme, self._blocks, self)
        self.hint.wanted.connect(lambda: self.nodes.add(NEURON_GROUP.name))
        self.setAcceptDrops(True)
        self.setMinimumSize(240, 160)
        self.set_theme(self.style_of_nodes.theme)
        self._project = document.project
        document.changed.connect(self._follow)
        if checker is not None:
            checker.checked.connect(lambda plan: self.show_problems(plan.problems))
        if open_example is not None:
            self.example_dropped.connect(open_example)

    # Loading

    @property
    def is_loaded(self) -> bool:
        """Tell whether the network is drawn."""
        return self.display is not None

    def ensure_loaded(self) -> None:
        """Draw the network now, and import what that takes first."""
        if self.display is None:
            self._timer.stop()
            loading.import_all()
            self._build()

    # Selection and view

    @property
    def selection(self) -> tuple[str, ...]:
        """Return the ids of the selected nodes."""
        return self.view.selection.nodes if self.view else ()

    @property
    def selected_links(self) -> frozenset[Link]:
        """Return the selected wires."""
        return self.view.selection.links if self.view else frozenset()

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these nodes."""
        if self.view:
            self.view.selection.set(ids)

    def select_all(self) -> None:
        """Select every node."""
        self.select(self.document.state.network.nodes)

    def activate(self, node_id: str) -> None:
        """Open a block; tell about any other node."""
        node = self.document.state.network.nodes.get(node_id)
        if node is not None and node.is_instance:
            self.blocks.enter(node_id)
        else:
            self.node_activated.emit(node_id)

    def show_node(self, node_id: str) -> None:
        """Move no farther than it takes to see a node."""
        self.show_nodes((node_id,))

    def show_nodes(self, ids: Iterable[str]) -> None:
        """Move no farther than it takes to see nodes, or what of them there is room for."""
        cards = self.display.cards() if self.display else {}
        area = united(cards[key].area() for key in ids if key in cards)
        if self.view and not area.isEmpty():
            self.view.ensureVisible(area, 40, 40)

    def centre_on(self, node_id: str) -> None:
        """Bring a node to the middle."""
        card = self.display.card(node_id) if self.display else None
        if card and self.view:
            if self.view.zoom() < 0.5:
                self.view.zoom_to(1.0)
            self.view.centerOn(card.area().center())

    def middle(self) -> tuple[float, float]:
        """Return the place of the scene in the middle of what is shown."""
        place = self.view.middle() if self.view else QPointF()
        return (place.x(), place.y())

    def fit(self) -> None:
        """Show the whole network."""
        if self.view:
            self.view.fit()

    def zoom_in(self) -> None:
        """Show things larger."""
        if self.view:
            self.view.zoom_to(self.view.zoom() * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more."""
        if self.view:
            self.view.zoom_to(self.view.zoom() / ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show things life-size."""
        if self.view:
            self.view.zoom_to(1.0)

    def refuse(self, reason: str) -> None:
        """Say in the canvas why nothing happened."""
        if self.view:
            self.view.refuse(reason, self.rect().center())

    def take_keyboard(self) -> None:
        """Let keys go to the canvas."""
        self.setFocus()

    def new_menu(self) -> QMenu:
        """Return an empty menu of the canvas."""
        return QMenu(self, objectName="canvas menu")

    # What others want

    def take_blocks(self, drop_block: DropBlock) -> None:
        """Let ``drop_block`` add the blocks that are dropped here from now on."""
        self.gestures.drop_block = drop_block

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Mark nodes with the number of their problems."""
        self._problems = list(problems)
        self._mark()

    def show_run_problems(self, problems: Iterable[Problem]) -> None:
        """Mark nodes with what a run warned of as well."""
        self._of_run = list(problems)
        self._mark()

    def set_error(self, node_id: str | None) -> None:
        """Mark the node whose behavior failed; None takes the mark away."""
        self._failed = node_id
        self._mark()

    def set_activity(self, rates: Mapping[str, float]) -> None:
        """Let nodes glow by their mean rate in Hz; nodes not named stop glowing."""
        self._activity = dict(rates)
        if self.display:
            for key, card in self.display.cards().items():
                card.change(glow=glow(self._activity.get(key, 0.0)))

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of ``theme``."""
        self.style_of_nodes = Style(theme)
        self.hint.set_theme(theme)
        self.minimap.set_theme(theme)
        self.breadcrumb.set_theme(theme)
        if self.display and self.view:
            self.display.set_style(self.style_of_nodes)
            self.view.set_style(self.style_of_nodes)
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the paper; the first paint starts the loading."""
        QPainter(self).fillRect(self.rect(), QColor(self.style_of_nodes.theme.canvas))
        if self.display is None and self._steps is None:
            self._steps = loading.steps()
            self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the hint in the middle and the minimap in its corner."""
        self.hint.centre()
        self._place_minimap()

    def _load_a_piece(self) -> None:
        step = next(self._steps, None) if self._steps else None
        if step is not None:
            step()
            return
        self._timer.stop()
        if self.display is None:
            self._build()

    def _build(self) -> None:
        from conex_app.canvas.gestures.interactive_view import InteractiveView
        from conex_app.canvas.level_views import Levels
        from conex_app.canvas.scene.display import Display

        self.view = InteractiveView(self.gestures, self.style_of_nodes, self)
        self.display = Display(self.view, self.style_of_nodes, self)
        self.view.cards_of = self.display.cards
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.breadcrumb)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.view.setGeometry(self.rect())
        self.view.show()
        self._connect(self.view)
        self._levels = Levels(self.document.level)
        self.breadcrumb.refresh()
        self._draw(self.document.state)
        self.view.fit()
        self.hint.raise_()
        self.minimap.raise_()
        self.loaded.emit()

    def _connect(self, view: InteractiveView) -> None:
        view.selection.changed.connect(self.selection_changed)
        view.refused.connect(self.refused)
        view.activated.connect(self.activate)
        view.example_dropped.connect(self.example_dropped)
        view.menu_wanted.connect(self._show_menu)
        view.nodes_dragged.connect(self._follow_drag)
        view.travelled.connect(self._follow_view)
        view.tip_of = self._tip_of
        self.minimap.wanted.connect(view.centerOn)
        view.key_typed.connect(lambda event: handle(self, event))

    def _follow(self, old: Any, new: Any) -> None:
        another, self._project = self.document.project is not self._project, self.document.project
        if self.display is None or self.view is None or self._levels is None:
            self.hint.setVisible(not new.network.nodes)
            return
        moved = self.document.level != self._levels.at
        if moved or another:  # nodes of two projects may have the same ids
            self.view.cancel_drag()
            self.select(())
        if moved:
            self._levels.leave(self.view, self._shown.nodes)
        fresh = not (old.network.nodes.keys() & new.network.nodes.keys())
        self._show_breadcrumb()
        self._draw(new)
        if moved:
            self._levels.arrive(self.document.level, self.view, new.network.nodes)
        elif fresh and len(new.network.nodes) > 1:
            self.view.fit()

    def _show_breadcrumb(self) -> None:
        """Bring the breadcrumb up to date, and what has its place under it."""
        before = self.breadcrumb.isVisibleTo(self)
        self.breadcrumb.refresh()
        layout = self.layout()
        if before != self.breadcrumb.isVisibleTo(self) and layout is not None:
            layout.activate()
            self._place_minimap()

    def _place_minimap(self) -> None:
        shown = self.breadcrumb.isVisibleTo(self)
        self.minimap.place(self.breadcrumb.height() if shown else 0)

    def _draw(self, state: Document) -> None:
        if self.display is None or self.view is None:
            return
        self.view.cancel_drag()
        old, new = self._shown, state.network
        pairs = pairs_of(self.document.whole, self.document.level, new)
        self.display.draw(old, new, state.definitions, pairs)
        self._shown = new
        self.hint.setVisible(not state.network.nodes)
        self.view.selection.refresh()
        self.minimap.touch()
        monitors, self._monitors = self._monitors, state.monitors
        if monitors is not state.monitors or old.nodes.keys() != new.nodes.keys():
            self._mark()

    def _follow_drag(self, node_ids: tuple[str, ...]) -> None:
        if self.display:
            self.display.refresh_flow(node_ids, self._shown)

    def _blocks(self) -> list[tuple[QRectF, str]]:
        cards = self.display.cards() if self.display else {}
        return [(card.area(), card.face.colour) for card in cards.values()]

    def _follow_view(self) -> None:
        if self.view:
            self.minimap.show_seen(self.view.mapToScene(self.view.viewport().rect()).boundingRect())

    def _tip_of(self, node_id: str, port: PortFace | None) -> str:
        node = self.document.state.network.nodes.get(node_id)
        if node is None or port:
            return tip_of_port(node, port) if node and port else ""
        found = problems_by_node(self.document, self._all_problems).get(node_id, ())
        contents = self.display.contents(node_id) if self.display else None
        is_outdated = node.of in self.newer_blocks
        return tip_of_node(node, (one.message for one in found), contents, is_outdated=is_outdated)

    @property
    def _all_problems(self) -> list[Problem]:
        return [*self._problems, *self._of_run]

    def show_newer_blocks(self, definition_ids: Iterable[str]) -> None:
        """Show a sign at each block that the library has a newer version of."""
        self.newer_blocks = frozenset(definition_ids)
        self._mark()

    def _mark(self) -> None:
        """Bring badges, the mark of a failure and the signs of monitors up to date."""
        if self.display is None:
            return
        cards = self.display.cards()
        plots, newer = self.gestures.catalog.plots, self.newer_blocks
        wear_marks(cards, self.document, self._all_problems, self._failed, newer, plots)
        for key, card in cards.items():
            card.change(glow=glow(self._activity.get(key, 0.0)))

    def _show_menu(self, on_screen: QPoint, in_scene: QPointF) -> None:
        menu = menu_for(self, (in_scene.x(), in_scene.y()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(on_screen)
