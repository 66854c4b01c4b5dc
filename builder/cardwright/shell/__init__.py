"""Effects, and nothing but: the disk, the clock, the fonts of this machine."""
