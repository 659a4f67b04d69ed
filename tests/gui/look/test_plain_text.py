"""Text of users as text: what the window may use to show it, and what becomes of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

import conex_app
from conex_app.look.labels import ElidedLabel, MessageBox, PlainLabel
from conex_app.look.plain_text import elided, menu_words, plain_line, plain_words, tip, title_words

SOURCES = sorted(Path(conex_app.__file__).parent.rglob("*.py"))
GUESSING = {"QLabel", "QMessageBox", "QErrorMessage", "QWhatsThis", "QTextBrowser"}
TOLD = {"setToolTip", "setStatusTip", "setWhatsThis"}
SAFE = {"tip", "help_text", "menu_words", "hint"}
texts = st.text(st.characters(codec=None), max_size=400)


def calls():
    for path in SOURCES:
        if path.name in ("labels.py", "plain_text.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def is_ours(node: ast.expr) -> bool:
    """Tell whether a text is written in this program, or went through what makes it safe."""
    if isinstance(node, ast.IfExp):
        return is_ours(node.body) and is_ours(node.orelse)
    if isinstance(node, ast.BoolOp):
        return all(is_ours(each) for each in node.values)
    if isinstance(node, ast.Call):
        return name_of(node.func) in SAFE
    if isinstance(node, ast.JoinedStr):  # numbers and words of ours; the live test sees the rest
        return True
    return isinstance(node, ast.Constant) or name_of(node).isupper()


@pytest.mark.parametrize("name", sorted(GUESSING))
def test_nothing_in_the_window_guesses_whether_text_is_mark_up(name):
    used = [(path.name, node.lineno) for path, node in calls() if name_of(node.func) == name] + [
        (path.name, node.lineno)
        for path in SOURCES
        if path.name != "labels.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and name in map(name_of, node.bases)
    ]

    assert used == [], "use conex_app.look.labels"


def test_each_tooltip_is_written_here_or_made_plain():
    found = [
        (path.name, node.lineno)
        for path, node in calls()
        if name_of(node.func) in TOLD and not is_ours(node.args[-1])
    ]

    assert found == [], "use conex_app.look.plain_text.tip"


def test_a_tooltip_shows_the_signs_that_were_typed():
    document = QTextDocument()
    document.setHtml(tip("<b>A</b> & <img src=x>\n&amp;"))

    assert document.toPlainText().replace("\u2028", "\n") == "<b>A</b> & <img src=x>\n&amp;"


@given(texts)
def test_every_text_becomes_one_line_that_ends(text):
    shown = plain_line(text, 60)

    assert len(shown) <= 60
    assert not any(sign in shown for sign in "\n\r\t\x00\x1b\u202e\u2028\u2029")
    assert shown.encode("utf-8").decode("utf-8") == shown


@given(texts)
def test_every_text_becomes_a_tooltip_without_mark_up(text):
    document = QTextDocument()
    shown = tip(text)

    if shown.startswith("<span"):
        document.setHtml(shown)
        assert "<" in text or len(text) > 100
    else:
        assert "<" not in shown
    assert len(shown) < 6000


@pytest.mark.parametrize(
    ("text", "shown"),
    [("A&B", "A&&B"), ("a\nb", "a b"), ("x" * 100, "x" * 59 + "…"), ("half \ud800", "half \ufffd")],
)
def test_words_of_a_menu_swallow_nothing(text, shown):
    assert menu_words(text) == shown


@given(texts)
def test_a_name_in_a_sentence_is_one_short_line(text):
    assert len(elided(text)) <= 60
    assert "\n" not in elided(text)


def test_a_long_name_keeps_its_beginning_and_its_end():
    assert elided("a" * 100 + "z") == "a" * 29 + "…" + "a" * 28 + "z"


def test_a_title_keeps_what_looks_like_the_sign_of_changes():
    assert title_words("net [*] two") == "net [*][*] two"


def test_a_long_word_breaks_where_lines_break(qtbot):
    label = PlainLabel("x" * 1000, longest=24)
    qtbot.addWidget(label)

    label.setWordWrap(True)

    assert label.minimumSizeHint().width() < 400


def test_a_line_without_room_gives_way(qtbot):
    label = ElidedLabel("a name that is longer than its place " * 9)
    qtbot.addWidget(label)

    label.resize(100, 20)

    assert label.minimumSizeHint().width() < 100
    assert label.is_elided


def test_a_question_is_asked_in_plain_words(qtbot):
    box = MessageBox()
    qtbot.addWidget(box)

    box.setText("<b>" * 1000)

    assert box.textFormat() == Qt.TextFormat.PlainText
    assert len(box.text()) <= 700


def test_words_keep_their_lines():
    assert plain_words("a\r\nb\rc\x07") == "a\nb\nc\ufffd"


def test_a_question_whose_window_goes_away_has_no_answer(qtbot):
    window = QWidget()
    box = MessageBox(window)
    box.addButton("Replace", MessageBox.ButtonRole.AcceptRole)
    QTimer.singleShot(0, window.deleteLater)

    assert box.answer() is None


def test_a_question_is_answered_by_the_button_that_was_pressed(qtbot):
    box = MessageBox()
    qtbot.addWidget(box)
    yes = box.addButton("Replace", MessageBox.ButtonRole.AcceptRole)
    QTimer.singleShot(0, yes.click)

    assert box.answer() is yes
