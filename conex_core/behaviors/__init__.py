"""The behaviors: one file per model family, found by ``conex_core.introspect``.

The names of all four packages can be imported from here.
"""

from conex_core.moved import names_of

__getattr__ = names_of(
    __name__, "behaviors.layers", "behaviors.network", "behaviors.neurons", "behaviors.synapses"
)
