"""The parts of `cardwright new`: the files of a new deck, and what puts them into the project."""
