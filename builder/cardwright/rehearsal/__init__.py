"""Tries out in real Anki what happens to someone who studies one release and imports the next.

`run.py` is the rehearsal, read top to bottom. Only `profile.py` and `study.py` import `anki` (AGPL, the
extra `cardwright[anki]`), and only when a rehearsal is run.
"""
