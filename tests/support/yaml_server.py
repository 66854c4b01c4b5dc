"""The language server for YAML, which most editors use, as an editor talks to it."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

_VERSION = "1.25.0"
_FOLDER = ROOT / ".venv" / "yaml-language-server"


def _program() -> Path:
    """Return the server's script, which is installed with its first use; skip the test if it can't be."""
    script = _FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if script.exists():
        return script
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no npm; the schema is judged by `jsonschema` all the same")
    package = f"yaml-language-server@{_VERSION}"
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--no-save")
    # Several workers may get here at once; the first one to finish counts.
    with tempfile.TemporaryDirectory(dir=_FOLDER.parent, ignore_cleanup_errors=True) as folder:
        command = [npm, "install", *quiet, "--prefix", folder, package]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("the server can't be installed; the schema is judged by `jsonschema` all the same")
        with suppress(OSError):
            Path(folder).rename(_FOLDER)
    return script


class YamlServer:
    """A running server. It finds the schema of a file by the first line of the file."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._ids = count(1)
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}

    def start(self, folder: Path) -> None:
        self._ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self._tell("initialized", {})
        settings = {
            "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        }
        self._tell("workspace/didChangeConfiguration", {"settings": settings})

    def problems(self, path: Path, text: str) -> list[str]:
        """Return what the server says of a file with this text, by line."""
        uri = self._open(path, text)
        while uri not in self._diagnostics:
            self._receive()
        found = self._diagnostics[uri]
        return [f"{entry['range']['start']['line'] + 1}: {entry['message']}" for entry in found]

    def completions(self, path: Path, text: str) -> dict[str, str]:
        """Return what the server offers where `▮` stands in the text, with what describes it."""
        items = self._at_mark("textDocument/completion", path, text)["items"]
        return {item["label"]: _words(item.get("documentation", "")) for item in items}

    def hover(self, path: Path, text: str) -> str:
        """Return what the server says of the word behind `▮`."""
        found = self._at_mark("textDocument/hover", path, text)
        return _words(found["contents"]) if found else ""

    def _at_mark(self, method: str, path: Path, text: str) -> Any:
        before = text.partition("▮")[0]
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        uri = self._open(path, text.replace("▮", ""))
        return self._ask(method, {"textDocument": {"uri": uri}, "position": position})

    def _open(self, path: Path, text: str) -> str:
        """Open a file beside one that needn't exist, and return its address, which no other file had."""
        number = next(self._ids)
        uri = path.with_name(f"{number}-{path.name}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": number, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """Return the next message, and answer it if the server asks something."""
        assert self._process.stdout is not None
        length = 0
        while (line := self._process.stdout.readline().strip()) or not length:
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message


@contextmanager
def yaml_server(folder: Path) -> Iterator[YamlServer]:
    command = ["node", str(_program()), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        server = YamlServer(process)
        try:
            server.start(folder)
            yield server
        finally:
            process.kill()


def _words(documentation: Any) -> str:
    return documentation if isinstance(documentation, str) else documentation["value"]
