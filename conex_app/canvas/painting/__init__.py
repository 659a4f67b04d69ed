"""How nodes look: what they say, and the painters that draw it."""
