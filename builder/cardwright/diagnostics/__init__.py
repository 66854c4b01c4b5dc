"""The ground floor: where a text stands, and what is to be said about it."""
