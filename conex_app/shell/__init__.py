"""The window itself: its frame, menus, run bar, status, log, problems and start page."""
