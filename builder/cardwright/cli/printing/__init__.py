"""The parts of `cardwright print`: its options, what it does with them, and its instructions for the user."""
