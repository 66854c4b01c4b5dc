"""The outputs of a deck: one folder for each format. Formats do not import each other."""
