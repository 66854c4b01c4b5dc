"""What real Anki does to someone who studies one release of a deck and imports the next.

`run.py` is the rehearsal, read top to bottom. `anki` (AGPL, the extra `cardwright[anki]`) is
imported by `profile.py` and `study.py` alone, and only when a rehearsal is asked for.
"""
