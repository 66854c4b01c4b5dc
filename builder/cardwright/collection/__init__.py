"""Anki's nouns and the content of their fields, independent of any file format."""
