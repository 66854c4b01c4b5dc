"""The Anki package: note types, fields as HTML, cards by Anki's rules, and the file itself."""
