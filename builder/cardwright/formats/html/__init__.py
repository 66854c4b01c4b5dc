"""The HTML output: a deck as one page for the browser, which needs no network."""
