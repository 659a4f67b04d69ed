"""Fields: one small editor for each kind of value."""
