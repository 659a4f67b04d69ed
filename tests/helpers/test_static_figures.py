"""Static figures: labelled, deterministic, and made without a screen."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from conex_core.errors import FileError, ParameterError
from conex_core.helpers.visualization import raster, rate, save, voltage

RANDOM = np.random.default_rng(4)
SPIKES = {
    "Excitatory": (np.sort(RANDOM.integers(1, 1000, 400)), RANDOM.integers(0, 80, 400)),
    "Inhibitory": (np.sort(RANDOM.integers(1, 1000, 200)), RANDOM.integers(0, 20, 200)),
}
TRACES = {"Exc 1": (np.arange(1, 101), RANDOM.normal(-60, 3, 100))}
FIGURES = {
    "raster": (lambda: raster(SPIKES), ["Excitatory", "Inhibitory", "time (ms)", "neuron"]),
    "voltage": (lambda: voltage(TRACES, lines=(-50,)), ["time (ms)", "membrane potential (mV)"]),
    "rate": (lambda: rate(SPIKES, dt=0.5), ["Excitatory", "rate (Hz)", "time (ms)"]),
}


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_names_its_axes_and_groups_in_words(kind, tmp_path):
    make, words = FIGURES[kind]

    text = save(make(), tmp_path / "figure.svg").read_text()

    assert all(f">{word}<" in text for word in words)


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("ending", ["svg", "png", "pdf"])
def test_the_same_data_give_the_same_bytes(kind, ending, tmp_path):
    make, _ = FIGURES[kind]

    first = save(make(), tmp_path / f"first.{ending}").read_bytes()
    second = save(make(), tmp_path / f"second.{ending}").read_bytes()

    assert first == second


def test_groups_keep_their_colours(tmp_path):
    figure = raster(SPIKES, colours={"Excitatory": "#123456"})

    text = save(figure, tmp_path / "figure.svg").read_text()

    assert "#123456" in text
    assert "#d55e00" in text.lower()


def test_a_crowded_raster_stores_its_points_as_an_image(tmp_path):
    t = np.sort(RANDOM.integers(1, 1000, 50_000))
    figure = raster({"Exc": (t, RANDOM.integers(0, 500, 50_000))})

    path = save(figure, tmp_path / "figure.svg")

    assert "<image" in path.read_text()
    assert path.stat().st_size < 2_000_000


def test_the_width_is_that_of_the_page():
    assert raster(SPIKES, width=3.5).get_size_inches()[0] == 3.5


def test_rate_counts_spikes_per_neuron_and_second():
    t = np.repeat(np.arange(1, 101), 2)  # two of ten neurons in every ms: 200 Hz

    figure = rate({"Exc": (t, np.tile([0, 1], 100))}, sizes={"Exc": 10}, bin_ms=20)

    assert np.allclose(figure.axes[0].patches[0].get_data().values, 200)


def test_empty_data_give_an_empty_figure(tmp_path):
    nothing = (np.empty(0), np.empty(0))

    for k, figure in enumerate((raster({"Exc": nothing}), raster({}), voltage({}), rate({}))):
        assert save(figure, tmp_path / f"{k}.png").exists()


def test_what_does_not_fit_is_refused_by_name():
    with pytest.raises(ParameterError, match="Exc"):
        raster({"Exc": ([1, 2], [1])})
    with pytest.raises(ParameterError, match="bin_ms"):
        rate(SPIKES, bin_ms=0)


def test_an_unknown_ending_or_folder_is_refused_with_a_hint(tmp_path):
    with pytest.raises(FileError, match=r"\.png, \.svg or \.pdf"):
        save(raster(SPIKES), tmp_path / "figure.bmp")
    with pytest.raises(FileError, match="cannot be written"):
        save(raster(SPIKES), tmp_path / "missing" / "figure.png")


def test_figures_need_neither_qt_nor_pyplot(tmp_path):
    code = (
        "import sys\n"
        "from conex_core.helpers.visualization import raster, save\n"
        f"save(raster({{'Exc': ([1, 2], [0, 1])}}), {str(tmp_path / 'f.png')!r})\n"
        "assert not {'PySide6', 'matplotlib.pyplot'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
