"""Structures in files: what is written is read again, and nothing else is."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from test_replication import group, pair, told

from conex_core import (
    LIF,
    ConexError,
    FileError,
    Neocortex,
    NeuronGroup,
    Normal,
    UnknownName,
)
from conex_core.structures.replication import (
    create_structure_from_dict,
    load_structure_dict_from_json,
    save_structure,
    save_structure_dict_to_json,
)


def stored(folder: Path, size: int = 4) -> Path:
    """Return the file of a group with a threshold for each of its neurons."""
    threshold = torch.linspace(-50.0, -40.0, size)
    made = NeuronGroup(Neocortex(), size, [LIF(threshold=threshold, init_v=Normal(-60, 2))], "e")
    save_structure_dict_to_json(save_structure(made), folder / "group.json")
    return folder / "group.json"


def changed(path: Path, **fields: Any) -> Path:
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, **fields}), encoding="utf-8")
    return path


def test_a_file_gives_the_dict_again(tmp_path: Path) -> None:
    saved = save_structure(pair(Neocortex()))

    save_structure_dict_to_json(saved, tmp_path / "synapses.json")

    assert load_structure_dict_from_json(tmp_path / "synapses.json") == saved
    assert [path.name for path in tmp_path.iterdir()] == ["synapses.json"]


def test_saving_twice_leaves_one_structure_in_the_file(tmp_path: Path) -> None:
    first, second = save_structure(group(Neocortex())), save_structure(group(Neocortex(), 9))

    for saved in (first, second):
        save_structure_dict_to_json(saved, tmp_path / "group.json")

    assert load_structure_dict_from_json(tmp_path / "group.json") == second


@pytest.mark.parametrize(("size", "files"), [(4, 1), (400, 2)])
def test_few_numbers_are_text_and_many_lie_beside_it(tmp_path: Path, size: int, files: int) -> None:
    path = stored(tmp_path, size)

    saved = load_structure_dict_from_json(path)

    kept = saved["behavior"][0]["parameters_kwargs"]["threshold"]
    assert torch.equal(kept, torch.linspace(-50.0, -40.0, size))
    assert len(list(tmp_path.iterdir())) == files


def test_the_two_files_can_move_together(tmp_path: Path) -> None:
    stored(tmp_path, 400)

    moved = tmp_path.rename(tmp_path.with_name("elsewhere"))

    assert load_structure_dict_from_json(moved / "group.json")["size"] == 400


@pytest.mark.parametrize(
    "tensor",
    [
        torch.tensor([True, False]),
        torch.tensor([[1, -2], [3, 4]], dtype=torch.int8),
        torch.tensor([2**62, -1]),
        torch.tensor(0.1, dtype=torch.float64),
        torch.tensor([0.1, 1e-45]),
        torch.tensor([math.inf, -math.inf, 2.0]),
        torch.ones(5, 7, dtype=torch.bfloat16),
        torch.zeros(0, 3),
        torch.arange(40).reshape(5, 8).t(),
        torch.eye(8).to_sparse(),
    ],
    ids=str,
)
def test_a_tensor_comes_back_as_it_was(tmp_path: Path, tensor: torch.Tensor) -> None:
    saved = {**save_structure(group(Neocortex())), "state": {"weights": tensor}}

    save_structure_dict_to_json(saved, tmp_path / "group.json")

    found = load_structure_dict_from_json(tmp_path / "group.json")["state"]["weights"]
    assert (found.dtype, found.layout, found.shape) == (tensor.dtype, tensor.layout, tensor.shape)
    assert torch.equal(found.to_dense(), tensor.to_dense())


def test_plain_values_of_a_state_come_back(tmp_path: Path) -> None:
    state = {"a": 2**70, "b": [0.5, None, True], "c": {"text": "x"}, "d": math.inf, "e": -1e200}
    saved = {**save_structure(group(Neocortex())), "state": state}

    save_structure_dict_to_json(saved, tmp_path / "group.json")

    assert load_structure_dict_from_json(tmp_path / "group.json")["state"] == state


# Files that are not as they should be


def test_a_dict_that_is_no_structure_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="lacks 'class'"):
        save_structure_dict_to_json({"tag": "e"}, tmp_path / "group.json")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "group.safetensors"])
def test_a_name_that_the_tensors_need_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match="cannot hold a structure"):
        save_structure_dict_to_json(save_structure(group(Neocortex())), name and tmp_path / name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"group\.json: is not there"):
        load_structure_dict_from_json(tmp_path / "group.json")


def test_a_newer_version_is_told(tmp_path: Path) -> None:
    path = changed(stored(tmp_path), version=2)

    with pytest.raises(FileError, match="was made by a newer version"):
        load_structure_dict_from_json(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[1, 2", '{"format": "conex-project"}', "\x00"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "group.json").write_text(text, encoding="utf-8")

    with pytest.raises(FileError) as caught:
        load_structure_dict_from_json(tmp_path / "group.json")

    assert "group.json" in str(caught.value)


def test_a_missing_side_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = stored(tmp_path, 400)
    (tmp_path / "group.safetensors").unlink()

    with pytest.raises(FileError, match=r"group\.safetensors: is not there") as caught:
        load_structure_dict_from_json(path)

    assert "same folder" in caught.value.hint


def test_a_changed_side_file_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path, 400)
    save_file({"tensor 0": torch.zeros(400)}, tmp_path / "group.safetensors")

    with pytest.raises(FileError, match=r"does not belong to group\.json") as caught:
        load_structure_dict_from_json(path)

    assert "Save the structure again" in caught.value.hint


@pytest.mark.parametrize("name", ["../group.safetensors", "/etc/passwd", "group.txt", "", "a\\b"])
def test_a_side_file_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = changed(stored(tmp_path, 400), tensors={"file": name, "sha256": "0"})

    with pytest.raises(FileError, match="same folder"):
        load_structure_dict_from_json(path)


def test_the_classes_of_conex_are_not_called(tmp_path: Path) -> None:
    evil = ["python_callable", "os", "system"]
    path = changed(stored(tmp_path), **{"class": evil})

    with pytest.raises(FileError, match=r"class: must be text, got a list"):
        load_structure_dict_from_json(path)


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "Neocortex", "Path", "LIF"])
def test_only_registered_structures_are_made(tmp_path: Path, name: str) -> None:
    path = changed(stored(tmp_path), **{"class": name})

    with pytest.raises(UnknownName):
        load_structure_dict_from_json(path)


def behaviors(**parameters: Any) -> list[dict[str, Any]]:
    return [{"key": 260, "class": "LIF", "parameters_kwargs": parameters}]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"size": -1}, "size"),
        ({"size": "many"}, "size"),
        ({"size": 10**15}, "size"),
        ({"tag": ""}, "tag"),
        ({"tag": 5}, "tag"),
        ({"behavior": behaviors(tau=-1)}, "behavior.0.parameters_kwargs.tau"),
        ({"behavior": behaviors(speed=1)}, "behavior.0.parameters_kwargs.speed"),
        ({"behavior": behaviors(tau="__import__('os')")}, "behavior.0.parameters_kwargs.tau"),
        ({"behavior": behaviors(tau={"$": "object", "id": 0})}, "behavior.0.parameters_kwargs.tau"),
        ({"behavior": behaviors(tau={"$": "Normal", "std": -1})}, "parameters_kwargs.tau"),
        ({"behavior": [*behaviors(), *behaviors()]}, "behavior"),
        ({"behavior": {}}, "behavior"),
        ({"built_structures": {"1": {}}}, "built_structures"),
        ({"built_structures": {"0": {"class": "NeuronGroup"}}}, "built_structures.0"),
        ({"state": {"v": {"$": "tensor", "name": "tensor 9"}}}, "state.v.name"),
        ({"state": {"v": {"$": "tensor", "dtype": "float32"}}}, "state.v"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, fields: dict[str, Any], place: str
) -> None:
    path = changed(stored(tmp_path), **fields)

    with pytest.raises(FileError) as caught:
        load_structure_dict_from_json(path)

    assert caught.value.place.endswith(place)
    assert caught.value.path == str(path)


def tensor(**fields: Any) -> dict[str, Any]:
    return {"$": "tensor", "dtype": "int8", "shape": [2], "values": [1, 2], **fields}


@pytest.mark.parametrize(
    "data",
    [
        tensor(dtype="complex64"),
        tensor(shape=[3]),
        tensor(shape=[-1, -2]),
        tensor(shape=[0, 2**60, 2**60], values=[]),
        tensor(values=[1, 200]),
        tensor(values=[1, 0.5]),
        tensor(values=[True, "x"]),
        {"$": "sparse", "layout": "csc", "shape": [2, 2], "parts": [tensor(), tensor(), tensor()]},
        {"$": "sparse", "layout": "coo", "shape": [2, 2], "parts": []},
        {"$": "sparse", "layout": "bsr", "shape": [2, 2], "parts": []},
        {"$": "number", "value": "many"},
    ],
)
def test_a_tensor_that_is_none_is_refused(tmp_path: Path, data: Any) -> None:
    path = changed(stored(tmp_path), state={"v": data})

    with pytest.raises(FileError, match=r"state\.v"):
        load_structure_dict_from_json(path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text('{"state":' * 20_000 + "{}" + "}" * 20_000)

    with pytest.raises(FileError, match="is nested deeper"):
        load_structure_dict_from_json(tmp_path / "deep.json")


# Files that somebody has changed at random

scalars = st.none() | st.booleans() | st.integers(-3, 400) | st.floats() | st.text(max_size=8)
marks = st.sampled_from(["object", "tensor", "sparse", "number", "Normal", "Array", "Uniform"])
anything = st.recursive(
    scalars | st.builds(lambda mark: {"$": mark}, marks),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
names = st.sampled_from(
    ["NeuronGroup", "SynapseGroup", "LIF", "NeuronDimension", "NeuronAxon", "Behaviors", "0", "1"]
)


def places(data: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    return [
        found
        for key, value in items
        for found in [
            (*place, key),
            *(places(value, (*place, key)) if isinstance(value, dict | list) else []),
        ]
    ]


def mutated(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[place[0]] = mutated(copy[place[0]], place[1:], value)
    return copy


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    net = Neocortex()
    holder = pair(net)
    folder = tmp_path_factory.mktemp("sound")
    save_structure_dict_to_json(save_structure(holder), folder / "sound.json")
    record: dict[str, Any] = json.loads((folder / "sound.json").read_text(encoding="utf-8"))
    ends = [save_structure(net.e), save_structure(group(Neocortex(), (1, 2, 2), "i"))]
    ends[1]["state"] = {"v": tensor()}
    return {**record, "built_structures": dict(zip("01", ends, strict=True)), "src": 0, "dst": 1}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_file_gives_a_structure_or_an_error_of_ours(
    sound: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(places(sound)))
    text = json.dumps(mutated(sound, place, data.draw(anything | names)))
    path = tmp_path_factory.getbasetemp() / "changed.json"
    path.write_text(text, encoding="utf-8")
    net = Neocortex(index=True)

    error = attempt(net, path)

    assert error is None or isinstance(error, ConexError)
    assert error is None or not net.Structures


def attempt(net: Neocortex, path: Path) -> Exception | None:
    try:
        create_structure_from_dict(net, load_structure_dict_from_json(path))
    except ConexError as error:
        return error
    return None


def test_the_file_that_is_changed_is_sound(sound: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "sound.json"
    path.write_text(json.dumps(sound), encoding="utf-8")
    data = load_structure_dict_from_json(path)

    made = create_structure_from_dict(Neocortex(), data)

    again = told(save_structure(made.src))
    assert again == told(data["built_structures"][0])
