"""What the schema for editors says of YAML: judged by `jsonschema`, of YAML as editors read it."""

import json
import re
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft7Validator

from cardwright.reader.schema import schema_text


class CoreLoader(yaml.CSafeLoader):
    """Reads YAML by the core schema of YAML 1.2, as language servers do: `no` and days are texts there.

    Source: YAML 1.2.2, section 10.3.2.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  that of PyYAML


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(schema_text()))


def find_complaints(text: str) -> list[str]:
    """Return what the schema says is wrong with the text of a YAML file."""
    document = _with_text_keys(yaml.load(text, CoreLoader))
    errors = validator().iter_errors(document)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors]


def _with_text_keys(value: Any) -> Any:
    """Return a value with the keys of its mappings as texts, which they are in every YAML file of ours."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return [_with_text_keys(item) for item in value] if isinstance(value, list) else value
