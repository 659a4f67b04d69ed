"""Unsaved work on disk: a journal of every edit, and what comes back after a crash."""
