"""A value that has no effect as the others are now says so."""

from __future__ import annotations

import pytest

from conex_app.inspector.inspector import Inspector
from conex_app.project.document import ProjectDocument
from conex_core.catalog import load
from conex_core.graph import edits
from conex_core.graph.model.document import Document


@pytest.fixture
def page(qtbot):
    state = edits.add_node(Document(), "SynapseGroup", name="Feed", node_id="feed")
    state = edits.add_behavior(
        state, "feed", "SimpleSTDP", catalog=load(), params={}, item_id="stdp"
    )
    document = ProjectDocument(state)
    inspector = Inspector(document, load())
    document.setParent(inspector)
    qtbot.addWidget(inspector)
    inspector.resize(320, 800)
    inspector.show()
    inspector.set_selection(["feed"])
    return inspector.page, document


def told(page, name):
    reason = page.row("stdp", name).reason
    return reason.text() if reason is not None and not reason.isHidden() else ""


def test_limits_that_nothing_reads_are_told_as_such(page):
    shown, document = page

    words = "No effect without clip, positive_bound or negative_bound."
    assert (told(shown, "w_min"), told(shown, "w_max")) == (words, words)
    assert "Acts only while clip is on, or" in shown.row("stdp", "w_min").toolTip()
    assert told(shown, "a_plus") == ""

    for name, value in (("clip", True), ("clip", False), ("negative_bound", "hard_bound")):
        state = edits.set_behavior_param(document.state, "feed", "stdp", name, value)
        document.edit(f"Change {name}", state)
        assert bool(told(shown, "w_min")) == (value is False)


def test_a_problem_is_told_before_that(page):
    shown, _ = page
    row = shown.row("stdp", "w_max")

    row.set_problem("must be above w_min")
    assert told(shown, "w_max") == "must be above w_min"

    row.set_problem("")
    assert "No effect" in told(shown, "w_max")
