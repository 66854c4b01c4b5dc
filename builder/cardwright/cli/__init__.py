"""The commands. Each parses its arguments, calls the compiler, prints the result and exits."""
