"""From a document to spikes: plan, build, session, probes and rings.

Import from the modules; ``plan`` and ``ring`` load without torch.
"""

__all__: list[str] = []
