"""Helpers: encoders, masks, filters, transforms, data and plots.

Names are looked up on first use, so that importing the package loads neither
torch nor Qt; the file beside this one lists them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
