"""The parts of `cardwright print`: its options, what it does with them, and what it says."""
