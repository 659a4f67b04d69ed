"""The rules of the check, one file for what belongs together."""
