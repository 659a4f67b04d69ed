"""The open project: its document with undo, its file, its checks, and what is remembered."""
