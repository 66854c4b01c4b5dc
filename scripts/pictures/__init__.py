"""Draws the pictures of the README and of the guide: what they show is the program's own, as it is now."""
