"""Long trials of the program, each a command that prints its seed; the suite has short forms."""
