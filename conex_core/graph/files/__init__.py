"""Documents and blocks as text, and the files that learned weights lie in."""
