"""pymonntorch's classes that everything here derives from, and no more of it than that.

Its package itself runs when somebody asks for a name of it, such as a script with
``from pymonntorch import *``: it loads sympy for equations that nothing here uses,
which takes a third of the time in which a short script is done.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

__all__ = ["Behavior", "Network", "NetworkObject", "NeuronGroup", "SynapseGroup"]


class _Deferred(ModuleType):
    """Stand for a package that was found and has not run; a name that it lacks runs it."""

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]  # what it is from now on
        spec = self.__spec__
        assert spec is not None, "it was made of one"
        assert spec.loader is not None, "it was made of one that can be loaded"
        spec.loader.exec_module(self)
        return getattr(self, name)


def _defer(package: str) -> None:
    spec = None if package in sys.modules else importlib.util.find_spec(package)
    if spec is not None:
        module = importlib.util.module_from_spec(spec)
        module.__class__ = _Deferred
        sys.modules[package] = module


_defer("pymonntorch")

from pymonntorch.NetworkCore.Base import NetworkObject  # noqa: E402  # after it was deferred
from pymonntorch.NetworkCore.Behavior import Behavior  # noqa: E402
from pymonntorch.NetworkCore.Network import Network  # noqa: E402
from pymonntorch.NetworkCore.NeuronGroup import NeuronGroup  # noqa: E402
from pymonntorch.NetworkCore.SynapseGroup import SynapseGroup  # noqa: E402
