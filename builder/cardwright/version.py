"""The version of cardwright, in the only place where it is written."""

VERSION = "0.1.0"
