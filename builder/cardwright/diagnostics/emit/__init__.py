"""Ways to print a diagnostic, one per module: for a person, for a program, for GitHub."""
