"""The tables of priorities that scripts look up."""

from __future__ import annotations

import pytest

from conex_core import priorities


@pytest.mark.parametrize(
    ("table", "name", "number"),
    [
        ("NETWORK_PRIORITIES", "Payoff", 100),
        ("NEURON_PRIORITIES", "NeuronDimension", 0),
        ("NEURON_PRIORITIES", "LIF", 260),
        ("LAYER_PRIORITIES", "SpikeNdDataset", 320),
        ("SYNAPSE_PRIORITIES", "SimpleDendriticInput", 180),
        ("SYNAPSE_PRIORITIES", "BaseLearning", 500),
        ("ALL_PRIORITIES", "EventRecorder", 600),
    ],
)
def test_a_script_finds_the_number_of_a_class(table, name, number):
    assert getattr(priorities, table)[name] == number
    assert priorities.ALL_PRIORITIES[name] == number


def test_recorders_are_of_no_kind_of_object():
    assert "Recorder" not in priorities.NEURON_PRIORITIES


def test_another_table_is_an_attribute_error():
    with pytest.raises(AttributeError, match="GROUP_PRIORITIES"):
        _ = priorities.GROUP_PRIORITIES
