"""One file per way to say a diagnostic: for a person, for a program, for GitHub."""
