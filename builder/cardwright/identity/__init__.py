"""The identities of notes and note types: the lock, and how a build carries them on."""
