"""Visualization: live plots (Qt, pyqtgraph) and static figures (matplotlib).

Names are looked up on first use; nothing here loads Qt or matplotlib before.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
