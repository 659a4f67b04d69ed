"""The live plots: one dock each, and the data they need."""
