"""The library in the window: its panel, its dialogs, and what they do to files and documents."""
