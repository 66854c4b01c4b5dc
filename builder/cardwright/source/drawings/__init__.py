"""SVG drawings as a browser understands them: their style resolved to plain attributes of each element."""
