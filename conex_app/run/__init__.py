"""The one run of the window, and the panels that say how it is carried out."""
