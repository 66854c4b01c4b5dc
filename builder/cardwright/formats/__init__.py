"""The outputs that can be built of a deck, one package each; none imports another."""
