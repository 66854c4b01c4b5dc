"""What the tool has to say to an author, and the place in the author's text that it is about."""
