"""Everything that reads or changes the world outside the process: the disk, the clock, the fonts."""
