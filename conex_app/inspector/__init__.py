"""The inspector: everything about what is selected, to read and to change."""
