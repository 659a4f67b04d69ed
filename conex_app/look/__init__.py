"""How the window looks and words itself: colours, style sheets, icons, numbers."""
