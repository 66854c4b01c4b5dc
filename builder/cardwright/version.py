"""The one place where the version of this tool is written."""

VERSION = "0.1.0"
