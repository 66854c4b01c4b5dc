"""Reads TeX as MathJax reads it, and gives MathML; loaded with the first formula."""
