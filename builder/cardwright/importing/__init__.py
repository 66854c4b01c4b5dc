"""Reads decks of other programs, and writes them as the sources and the lock of a deck."""
