"""Project files: what is kept, what is refused, and that a failed save harms nothing."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conex_core.distributions import Normal
from conex_core.errors import FileError
from conex_core.graph import edits
from conex_core.graph.files.project_file import FORMAT_VERSION, from_text, load, save, to_text
from conex_core.graph.model.document import Document


def changed(doc: Document, change: Callable[[Any], None]) -> str:
    data = json.loads(to_text(doc))
    change(data)
    return json.dumps(data)


def main_of(data: Any) -> Any:
    return data["definitions"]["main"]


def test_equal_documents_give_equal_bytes_whatever_the_order_of_edits() -> None:
    first = edits.add_node(Document(), "NeuronGroup", name="A", node_id="a")
    first = edits.add_node(first, "NeuronGroup", name="B", node_id="b", at=(1, 2))
    second = edits.add_node(Document(), "NeuronGroup", name="B", node_id="b", at=(1.0, 2.0))
    second = edits.add_node(second, "NeuronGroup", name="A", node_id="a")

    assert first == second
    assert to_text(first) == to_text(second)


def test_one_change_of_a_value_changes_one_line(network: Document) -> None:
    lif = next(item for item in network.network.node("exc").stack if item.kind == "LIF")
    doc = edits.set_behavior_param(network, "exc", lif.id, "tau", 10.0)
    other = edits.set_behavior_param(doc, "exc", lif.id, "tau", 20.0)

    lines = zip(to_text(doc).splitlines(), to_text(other).splitlines(), strict=True)

    assert [pair for pair in lines if pair[0] != pair[1]] == [
        ('        "tau": 10.0', '        "tau": 20.0')
    ]


def test_a_distribution_is_kept_typed(network: Document) -> None:
    item = network.network.node("drive").stack[1]
    doc = edits.set_behavior_param(network, "drive", item.id, "mode", Normal(1.0, 0.5))

    read = from_text(to_text(doc))

    assert read.network.node("drive").item(item.id).params["mode"] == Normal(1.0, 0.5)


def test_what_a_newer_version_added_is_kept_and_written_back(network: Document) -> None:
    def change(data: Any) -> None:
        data["author"] = {"name": "Ada", "years": [1815, [1852]]}
        data["settings"]["solver"] = "rk4"
        main_of(data)["frames"] = []
        main_of(data)["nodes"]["exc"]["colour"] = "#ff0000"
        main_of(data)["nodes"]["exc"]["kind"] = "Glia"
        main_of(data)["nodes"]["inh"]["stack"][0]["note"] = None
        main_of(data)["nodes"]["inh"]["stack"][0]["kind"] = "Tsodyks"
        main_of(data)["nodes"]["inh"]["params"] = {"size": {"$": "Fractal", "n": [2]}}
        data["definitions"]["column"] = {"name": "Column", "nodes": {}, "links": []}

    text = changed(network, change)

    assert json.loads(to_text(from_text(text))) == json.loads(text)


def test_a_wire_to_a_missing_node_is_kept(network: Document) -> None:
    text = changed(network, lambda data: main_of(data)["links"].append(["a", "b", "c", "d"]))

    assert len(from_text(text).network.links) == len(network.network.links) + 1


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: main_of(d)["nodes"]["exc"].update(position=[1]), "main.nodes.exc.position"),
        (lambda d: main_of(d)["nodes"]["exc"].update(position=[1, "a"]), "exc.position.1"),
        (lambda d: main_of(d)["nodes"]["exc"].pop("kind"), "definitions.main.nodes.exc"),
        (lambda d: main_of(d)["nodes"].update(exc=3), "definitions.main.nodes.exc"),
        (lambda d: main_of(d)["links"].append(["a", "b", "c"]), "definitions.main.links.4"),
        (lambda d: main_of(d)["links"].append(["a", "b", "c", 1]), "main.links.4.3"),
        (lambda d: d["settings"].update(dt="1"), "settings.dt"),
        (lambda d: d["settings"].update(seed=True), "settings.seed"),
        (lambda d: d["settings"].update(seed=10**30), "settings.seed"),
        (lambda d: d["settings"].update(dt=float("nan")), "settings.dt"),
        (lambda d: d["settings"].update(dt=float("-inf")), "settings.dt"),
        (lambda d: d.update(monitors={}), "monitors"),
        (lambda d: d.update(name=None), "name"),
        (lambda d: d["definitions"].pop("main"), "definitions"),
        (
            lambda d: main_of(d)["nodes"]["exc"]["stack"].append(
                main_of(d)["nodes"]["exc"]["stack"][0]
            ),
            "exc.stack.5",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    network: Document, change: Callable[[Any], None], place: str
) -> None:
    with pytest.raises(FileError) as caught:
        from_text(changed(network, change), "my.conex")

    assert caught.value.place.endswith(place)
    assert str(caught.value).startswith(f"my.conex: {caught.value.place}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("[1, 2]", "is not a CoNeX Studio project"),
        ('{"nodes": []}', "is not a CoNeX Studio project"),
        ('"x"', "is not a CoNeX Studio project"),
        ("{'a': 1}", "is not valid JSON"),
        ('{"format": "conex-project", "version": "1"}', "must be a whole number"),
        ('{"format": "conex-project", "version": 0}', "unknown format version"),
        ('{"format": "conex-project", "version": 1}', "lacks 'definitions'"),
        ('{"a": 1, "a": 2}', "holds a twice"),
        ('{"a": 1e999}', "too large"),
        ("[" * 100_000, "nested deeper"),
        ('{"a":' * 100_000, "nested deeper"),
        ("[" * 60 + "]" * 60, "nested deeper"),
        ("import os", "is not valid JSON"),
    ],
)
def test_what_is_no_project_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(FileError, match=words):
        from_text(text)


def test_a_newer_format_says_so(network: Document) -> None:
    text = changed(network, lambda data: data.update(version=FORMAT_VERSION + 1))

    with pytest.raises(FileError, match="newer CoNeX Studio"):
        from_text(text)


def test_a_file_cut_off_anywhere_is_refused(network: Document) -> None:
    text = to_text(network)

    for end in range(0, len(text) - 2, 97):
        with pytest.raises(FileError):
            from_text(text[:end])


def test_the_same_node_twice_is_refused() -> None:
    doc = edits.add_node(Document(), "NeuronGroup", node_id="a")
    doc = edits.add_node(doc, "NeuronGroup", node_id="b")

    with pytest.raises(FileError, match="holds a twice") as caught:
        from_text(to_text(doc).replace('"b": {', '"a": {'))

    assert caught.value.place == "definitions.main.nodes"


def test_ten_megabytes_of_noise_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "noise.conex"
    path.write_bytes(os.urandom(10 * 2**20))
    begun = time.perf_counter()

    with pytest.raises(FileError, match="not a text file"):
        load(path)

    assert time.perf_counter() - begun < 1


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    big = tmp_path / "big.conex"
    with big.open("wb") as file:
        file.truncate(65 * 2**20)

    for path, words in (
        (tmp_path / "gone.conex", "is not there"),
        (tmp_path, "is a folder"),
        (big, "larger than 64 MB"),
        ("a\0b", "cannot be read|is not there"),
        ("/dev/zero", "is not there"),
    ):
        with pytest.raises(FileError, match=words):
            load(path)


def test_a_save_reads_back_and_replaces_the_old_file(tmp_path: Path, network: Document) -> None:
    path = tmp_path / "net.conex"
    save(Document(), path)
    path.chmod(0o640)

    save(network, path)

    assert load(path) == network
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["net.conex"]


def test_a_save_through_a_link_keeps_the_link(tmp_path: Path, network: Document) -> None:
    (tmp_path / "real.conex").write_text("old", encoding="utf-8")
    (tmp_path / "link.conex").symlink_to(tmp_path / "real.conex")

    save(network, tmp_path / "link.conex")

    assert (tmp_path / "link.conex").is_symlink()
    assert load(tmp_path / "real.conex") == network


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_as_it_was(
    tmp_path: Path, network: Document, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "net.conex"
    save(Document(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(FileError, match="No space left"):
        save(network, path)

    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.conex"]


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, network: Document) -> None:
    path = tmp_path / "net.conex"
    path.write_text("mine", encoding="utf-8")
    path.chmod(0o444)

    with pytest.raises(FileError, match="write-protected"):
        save(network, path)

    assert path.read_text(encoding="utf-8") == "mine"


def test_a_save_into_nowhere_is_refused(tmp_path: Path, network: Document) -> None:
    for path in (tmp_path / "gone" / "net.conex", tmp_path):
        with pytest.raises(FileError, match="cannot be saved"):
            save(network, path)


def test_a_number_that_is_not_finite_is_saved_as_text_and_stays_visible(
    network: Document,
) -> None:
    doc = edits.set_param(network, "exc", "size", float("nan"))

    assert from_text(to_text(doc)).network.node("exc").params["size"] == "nan"


def test_nothing_in_a_file_is_executed(network: Document, tmp_path: Path) -> None:
    trap = f"__import__('pathlib').Path({str(tmp_path / 'made')!r}).touch()"
    doc = edits.set_param(network, "exc", "size", trap)
    doc = edits.set_behavior_param(
        doc, "drive", doc.network.node("drive").stack[1].id, "mode", trap
    )

    from_text(to_text(doc))

    assert not (tmp_path / "made").exists()
