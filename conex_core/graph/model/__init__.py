"""The document: nodes, wires, settings, and what kinds of node there are."""
