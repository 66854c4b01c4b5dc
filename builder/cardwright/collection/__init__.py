"""Anki's nouns, and the content of their fields; nothing here knows a file format."""
