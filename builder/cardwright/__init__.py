"""Study cards written as text, compiled into Anki packages and print-ready sheets."""
