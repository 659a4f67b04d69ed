"""The Behavior of conex_core: one mechanism of a group, a synapse group, a layer or a network.

A behavior declares its parameters as descriptors, its ``priority``, and what it
``requires`` and ``provides``. It is a pymonntorch Behavior whose constructor
checks every name and value, and which never prints. ``initialize`` puts tensors
on its owner, ``forward`` changes them in place once per iteration.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING, Any, ClassVar

from conex_core.catalog import Host
from conex_core.distributions import Distribution
from conex_core.errors import ParameterError, StructureError, UnknownName
from conex_core.helpers.sampling import sample
from conex_core.keywords import drawn, is_of_scripts, read_text, tensor_of
from conex_core.moved import ARGUMENTS
from conex_core.parameters import Flag, Parameter, Text, note_change
from conex_core.upstream import Behavior as PymonntorchBehavior
from conex_core.upstream import NetworkObject

if TYPE_CHECKING:
    import torch

__all__ = ["Behavior", "layer_of", "name_of"]

logger = logging.getLogger(__name__)

_COMMON: dict[str, Parameter] = {
    "tag": Text(name="tag", default=None, optional=True),
    "device": Parameter(name="device", optional=True),
    "behavior_enabled": Flag(name="behavior_enabled", default=True),
}


class Behavior(PymonntorchBehavior):
    """Stand for one mechanism; subclasses write ``initialize`` and ``forward``.

    Positional arguments map to the parameters in the order of declaration; a
    subclass that declares a name again moves it to the end. Every class takes
    ``tag``, ``device`` and ``behavior_enabled`` as well. A class of a script keeps
    further keywords for :meth:`parameter`.

    ``requires`` and ``provides`` name a place and an attribute, joined by a dot:
    ``own.I``, ``source.axon``, ``target.v``, ``network.payoff``, ``layer.x``.
    ``recordable`` are variables of its own object that plots may show as well as
    those of ``provides``, such as ``own.I``.
    ``requires_if`` pairs a parameter with what is required once it is set.
    ``weight_kind`` is how the weights that it reads must be stored: dense, sparse,
    pairs, kernels, local or lateral; empty for any.
    ``learns`` are variables, written like ``provides``, that its steps change for
    good and that are asked about before they are lost; weights and thresholds need
    no telling. ``catalogued`` is False for classes that no stack takes. ``remembers`` names
    the attributes that carry over from one iteration to the next, beside those
    on the owner; None stands for every tensor, buffer and number found here.

    Raises
    ------
    UnknownName
        If a keyword of a class of conex_core is not a parameter; the message has the
        nearest one.
    ParameterError
        If a value breaks its rule or a required one is missing.
    """

    host: ClassVar[Host] = "neurons"
    priority: ClassVar[int | None] = None
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    recordable: ClassVar[tuple[str, ...]] = ()
    requires_if: ClassVar[tuple[tuple[str, str], ...]] = ()
    weight_kind: ClassVar[str] = ""
    learns: ClassVar[tuple[str, ...]] = ()
    equation: ClassVar[str] = ""
    source: ClassVar[str] = ""
    catalogued: ClassVar[bool] = True
    remembers: ClassVar[tuple[str, ...] | None] = None
    declared: ClassVar[dict[str, Parameter]] = {}

    generator: torch.Generator | None = None
    _network: Any = None  # that has initialized it
    is_complete: bool = False  # parameters are set; rules that join them hold from now on

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared: dict[str, Parameter] = {}
        for base in reversed(cls.__mro__):
            for name, value in vars(base).items():
                if isinstance(value, Parameter):
                    declared.pop(name, None)
                    declared[name] = value
        cls.declared = declared

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        given = self._named(args, kwargs)
        common = {name: self._common(name, given.pop(name, None)) for name in _COMMON}
        self._common_given = {name: value for name, value in common.items() if value is not None}
        super().__init__(**self._common_given)
        self.init_kwargs = given
        self.used_attr_keys: list[str] = []
        for name, parameter in self.declared.items():
            if name in given:
                setattr(self, name, given[name])
            elif parameter.required:
                raise parameter.error("needs a value", None).at(behavior=type(self).__name__)
        self._check_together()
        self.is_complete = True

    # nn.Module registers tensors and modules on every assignment and runs hooks on every call;
    # both cost more than most steps, and no module tree is wanted here.
    __setattr__ = object.__setattr__

    @property
    def behavior_enabled(self) -> bool:
        """Return whether the steps of this behavior are run."""
        return bool(self.__dict__["behavior_enabled"])

    @behavior_enabled.setter
    def behavior_enabled(self, enabled: bool) -> None:
        try:
            self.__dict__["behavior_enabled"] = _COMMON["behavior_enabled"].check(enabled)
        except ParameterError as error:
            raise error.at(behavior=type(self).__name__) from None
        note_change()

    def __call__(self, owner: Any) -> None:
        """Run one step."""
        self.forward(owner)

    def initialize(self, owner: Any) -> None:
        """Put this behavior's tensors on ``owner``; called once before the first step."""
        _refuse_foreign(self, owner)
        self.device = owner.device

    def forward(self, owner: Any) -> None:
        """Run one step on ``owner``, in place."""

    def check_together(self) -> None:
        """Raise ParameterError where two parameters contradict each other.

        Called at the end of the constructor, and after every later change; a
        change that is refused is taken back.
        """

    def parameter_changed(self, owner: Any, name: str) -> None:
        """React to a parameter that was set while the network runs."""

    def change_parameter(self, owner: Any, name: str, value: Any) -> None:
        """Set a live parameter of this behavior on ``owner`` while the network runs.

        Raises
        ------
        UnknownName
            If there is no such parameter.
        ParameterError
            If the value breaks a rule or the parameter is not ``live``;
            nothing has changed then.
        """
        kind = type(self).__name__
        before = {name: self.__dict__[name]} if name in self.__dict__ else {}
        if name not in self.declared:
            raise UnknownName(f"parameter of {kind}", name, self.declared)
        try:
            if not self.declared[name].live:
                raise ParameterError(name, "cannot change during a run", value)
            setattr(self, name, value)
            self.parameter_changed(owner, name)
            self.init_kwargs[name] = value
        except ParameterError as error:
            self.__dict__.pop(name, None)
            self.__dict__.update(before)
            raise error.at(node=name_of(owner), behavior=kind) from None

    @property
    def _is_started(self) -> bool:
        """Tell whether its parameters have been read, by ``initialize``."""
        network = self._network
        return network is not None and bool(self.initialize_on_init or network.initialized)

    def set_from_outside(self, name: str, value: Any) -> None:
        """Set a parameter of a behavior whose network is initialized, so that it acts.

        Raises
        ------
        ParameterError
            As :meth:`change_parameter`; one that is not ``live`` acts from the start only.
        """
        owners = [o for o in self._network.all_objects() if self in o.behavior.values()]
        if not owners:
            self.declared[name].store(self, value)
        for owner in owners:
            if not self.declared[name].live:
                kind, rule = type(self).__name__, "cannot change once the network is initialized"
                problem = ParameterError(name, rule, value, hint="Set it before initialize()")
                raise problem.at(node=name_of(owner), behavior=kind)
            self.change_parameter(owner, name, value)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """Return a copy; the network is copied only where the copy began with it."""
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for name, value in vars(self).items():
            if name != "_network" or id(value) in memo:
                made.__dict__[name] = copy.deepcopy(value, memo)
        return made

    def restored(self, owner: Any) -> None:
        """React to a state that was written into ``owner`` and this behavior."""

    def copy(self) -> Behavior:
        """Return a new behavior with the same parameters and nothing of a run."""
        given = {
            name: value for name, value in self.init_kwargs.items() if name not in self.declared
        }
        given |= {name: getattr(self, name) for name in self.declared if name in self.__dict__}
        return type(self)(**given, **self._common_given)

    def parameter(
        self,
        key: str,
        default: Any = None,
        object: Any = None,
        do_not_diversify: bool = False,
        search_other_behaviors: bool = False,
        tensor: bool = False,
        required: bool = False,
    ) -> Any:
        """Return what the constructor was given as ``key``, or ``default``, as in pymonntorch.

        With ``object``, a mode text such as ``"normal(0, 1)"`` gives a value per neuron
        or per synapse; nothing is evaluated. With ``search_other_behaviors`` what
        another behavior of the object was given counts, too. ``tensor`` makes a
        tensor of it, ``required`` logs a warning where nothing was given.
        """
        self.used_attr_keys.append(key)
        value = self.init_kwargs.get(key)
        if value is None and search_other_behaviors and object is not None:
            others = [item.init_kwargs.get(key) for item in object.behavior.values()]
            value = next((other for other in others if other is not None), None)
        if value is None and required:
            logger.warning("%s needs a value for %r", type(self).__name__, key)
        value = default if value is None else value
        if value is None and key in self.declared:
            value = getattr(self, key)
        owner = None if do_not_diversify else object
        try:
            if isinstance(value, str):
                value = read_text(self, value, default, owner)
            if isinstance(value, Distribution) and owner is not None:
                value = drawn(self, value, owner)
            return tensor_of(value, object) if tensor and value is not None else value
        except ParameterError as error:
            told = ParameterError(key, error.rule, error.got, hint=error.hint)
            raise told.at(behavior=type(self).__name__) from None

    def set_parameters_as_variables(self, object: Any) -> None:
        """Set every keyword that was given as a variable of ``object``."""
        for key in self.init_kwargs:
            setattr(object, key, self.parameter(key, None, object))

    def check_unused_attrs(self) -> None:
        """Do nothing: ``Neocortex.check`` tells what nobody has asked for."""

    def values(
        self,
        owner: Any,
        value: Any,
        shape: tuple[int, ...],
        dtype: torch.dtype | None = None,
        *,
        name: str = "",
    ) -> torch.Tensor:
        """Return a fresh tensor of ``shape`` holding ``value``, drawn from this generator.

        ``value`` is a number, a distribution or an array that broadcasts to
        ``shape``; the caller's tensor is copied, never kept. With the ``name``
        of a parameter, what was drawn or read has to obey its rule as well.
        """
        found = sample(
            value,
            shape,
            generator=self.generator,
            dtype=dtype or owner.network.def_dtype,
            device=owner.device,
            base=getattr(owner.network, "base", None),
            name=name or type(self).__name__,
        )
        if name and found.numel():
            self._check_drawn(name, value, found)
        return found

    def vector(self, owner: Any, name: str) -> torch.Tensor:
        """Return parameter ``name`` as a fresh tensor of shape (N,)."""
        try:
            return self.values(owner, getattr(self, name), (owner.size,), name=name)
        except ParameterError as error:
            raise error.at(node=name_of(owner), behavior=type(self).__name__) from None

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.init_kwargs.items())
        return f"{type(self).__name__}({given})"

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        kind, names = type(self).__name__, list(self.declared)
        keeps = is_of_scripts(type(self))
        if keeps:  # pymonntorch's names for what was given by position
            names += [f"arg_{place}" for place in range(len(names), len(args))]
        if len(args) > len(names):
            rule = f"takes at most {len(names)} values by position ({', '.join(names)})"
            raise ParameterError("arguments", rule, args, behavior=kind)
        given = dict(zip(names, args, strict=False))
        for name, value in kwargs.items():
            if name not in self.declared and name not in _COMMON and not keeps:
                known = [*names, *_COMMON]
                hint = ARGUMENTS.get(name, "")
                raise UnknownName(f"parameter of {kind}", name, known, hint=hint)
            if name in given:
                raise ParameterError(name, "must be given once", value, behavior=kind)
            given[name] = value
        return given

    def _common(self, name: str, value: Any) -> Any:
        try:
            return None if value is None else _COMMON[name].check(value)
        except ParameterError as error:
            raise error.at(behavior=type(self).__name__) from None

    def _check_together(self) -> None:
        try:
            self.check_together()
        except ParameterError as error:
            raise error.at(behavior=type(self).__name__) from None

    def _check_drawn(self, name: str, value: Any, found: torch.Tensor) -> None:
        try:
            self.declared[name].check(found)
        except ParameterError as error:
            hint = f"drawn from {value}" if isinstance(value, Distribution) else error.hint
            raise ParameterError(name, error.rule, error.got, hint=hint) from None


def _refuse_foreign(behavior: Any, owner: Any) -> None:
    """Raise StructureError for one of ours in a network of pymonntorch, which checks nothing."""
    if not isinstance(owner, NetworkObject) or hasattr(owner.network, "key_of"):
        return
    homes = (kind.__module__ for kind in type(behavior).__mro__)
    if any(home.startswith("conex_core.behaviors.") for home in homes):
        problem = f"its network is of pymonntorch, and {type(behavior).__name__} is not"
        hint = (
            "write: from conex_core import Network, NeuronGroup, SynapseGroup, "
            "after every import of pymonntorch; or make a Neocortex()"
        )
        raise StructureError(name_of(owner), problem, hint=hint)


def layer_of(owner: Any) -> Any:
    """Return the input layer that ``owner`` was made by, or the structure it is in."""
    found = getattr(owner, "input_layer", None) or getattr(owner, "parent_structure", None)
    return None if found is owner.network else found


def name_of(owner: Any) -> str:
    """Return what messages call ``owner``, which may be an object of pymonntorch.

    The only population of an input layer goes by the name of the layer.
    """
    own = str(getattr(owner, "name", None) or owner.tags[0])
    layer = getattr(owner, "parent_structure", None)
    if layer is None or not hasattr(layer, "sensory_pop"):
        return own
    both = layer.sensory_pop is not None and layer.location_pop is not None
    return f"{layer.tags[0]} {own}" if both else str(layer.tags[0])
