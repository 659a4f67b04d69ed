"""What the window remembers."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from conex_app.project import settings
from conex_core.run.host import RUN_IN


def test_a_place_to_run_in_that_is_no_more_means_the_usual_one(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RUN_IN", RUN_IN)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue("run_in", "automatic")

    assert settings.AppSettings(store).run_in == "process"
