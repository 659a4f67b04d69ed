"""The library: folders of blocks, how they differ, and how they come into a project."""
