"""What is where on the canvas: the items, the view of them, and NodeGraphQt as a display."""
