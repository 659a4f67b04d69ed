"""Blocks in use: definitions, what they show outside, and the network with all of them opened."""
