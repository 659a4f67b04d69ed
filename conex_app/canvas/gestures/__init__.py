"""What mouse, keys, drops and menus do on the canvas."""
