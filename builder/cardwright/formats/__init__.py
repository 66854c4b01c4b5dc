"""What a deck becomes: one folder a format, and none knows another."""
