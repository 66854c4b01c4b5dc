"""The Anki package: note types, fields as Anki's HTML, cards by Anki's rules, and the file."""
