"""What makes a note the same note in the next build: the lock, and how it is carried on."""
