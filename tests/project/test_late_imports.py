"""What a deck does not use is not imported."""

from pathlib import Path

import pytest

from tests.support.commands import run_python
from tests.support.diagram_decks import LEG

PLAIN = "cards: [{id: a, q: What is asked?, a: An answer}]"
OWN = """\
note_types:
  muscle:
    fields: [Name, Origin]
    templates: {Origin: {front: "Where is {{Name}}?", back: "{{Origin}}"}}
    css: ".card { color: red }"
cards: [{id: d, type: muscle, fields: {Name: Biceps, Origin: Sit bone}}]
"""
# By feature: a deck that uses it, and the modules that are imported for it.
FEATURES = {
    "diagrams": (
        "cards: [{id: d, diagram: media/leg.svg, alt: A leg, labels: {x: {name: X, rect: [5, 5, 9, 9]}}}]",
        {
            "cardwright.collection.diagram",
            "cardwright.formats.anki.image_occlusion",
            "cardwright.formats.pdf.masks",
            "cardwright.identity.label_numbers",
            "cardwright.kinds.diagram",
            "cardwright.source.picture_size",
        },
    ),
    "drawings": (
        "cards: [{id: d, q: '![A leg](media/leg.svg)', a: A leg}]",
        {
            "cardwright.formats.pdf.drawings",
            "cardwright.source.drawings",
            "cardwright.source.svg",
            "cardwright.source.svg_labels",
            "cardwright.source.svg_programs",
            "cardwright.source.svg_style",
            "cssselect2",
            "pyexpat",
        },
    ),
    "formulas": (
        r"cards: [{id: d, q: 'What is \(x^2\)?', a: A square}]",
        {"cardwright.formats.pdf.mathml", "cardwright.source.formulas.reader"},
    ),
    "chemistry": (
        "print: false\ncards: [{id: d, q: '\\(\\ce{H2O}\\)', a: Water}]",
        {
            "cardwright.source.chemistry_problems",
            "cardwright.source.formulas.chemistry",
            "cardwright.source.formulas.chemistry_reader",
            "cardwright.source.formulas.quantities",
        },
    ),
    "percent signs in formulas": (
        "print: false\ncards: [{id: d, q: '\\(5\\%\\)', a: A share}]",
        {"cardwright.source.formula_comments"},
    ),
    "signs of several characters": ("cards: [{id: d, q: 'x̂̄', a: x}]", {"regex", "xml.etree"}),
    "HTML in texts": (
        "cards: [{id: d, q: 'H<sub>2</sub>O', a: Water}]",
        {
            "cardwright.collection.html_layout",
            "cardwright.source.css",
            "cardwright.source.html_elements",
            "cardwright.source.markdown_html",
            "cardwright.source.template_tree",
        },
    ),
    "texts of several lines": (
        f"{PLAIN[:-2]}, extra: 'one\n\n\n  two'}}]",
        {"cardwright.source.ambiguous_lines"},
    ),
    "signs that Markdown may take": (
        "cards: [{id: d, q: 'a*b*c', a: x}]",
        {"cardwright.source.ambiguous_signs"},
    ),
    "signs that are left in a text": (
        "cards: [{id: d, q: 'x^2', a: x}]",
        {"cardwright.source.ambiguous_markup"},
    ),
    "own note types": (
        OWN,
        {
            "cardwright.collection.custom_note_type",
            "cardwright.collection.html_layout",
            "cardwright.collection.readings",
            "cardwright.formats.anki.custom_note_types",
            "cardwright.kinds.custom",
            "cardwright.reader.note_types",
            "cardwright.source.css",
            "cardwright.source.template_reader",
            "cardwright.source.template_html",
            "cardwright.source.template_tree",
        },
    ),
    "functions in a style": (OWN.replace("color: red", "color: rgb(0 0 0)"), {"tinycss2"}),
    "presets": (
        f"anki: {{preset: {{new-per-day: 9}}}}\n{PLAIN}",
        {"cardwright.formats.anki.options_preset", "cardwright.reader.options_preset"},
    ),
    "sub-decks": (f"subdeck: Upper\n{PLAIN}", {"cardwright.formats.anki.subdecks"}),
}
# Runs a command, and prints the modules that it has imported.
REPORT_MODULES = (
    "import sys; from cardwright.cli.main import run; code = run(sys.argv[1:])\n"
    "print(*sys.modules, file=sys.stderr); sys.exit(code)"
)
# Modules that no build needs.
UNUSED_BY_BUILDS = {
    "cardwright.check.lints",
    "cardwright.cli.print",
    "cardwright.cli.rehearsing",
    "cardwright.formats.pdf.running_text",
    "cardwright.importing",
    "cardwright.pipeline.printing",
    "cardwright.rehearsal",
    "anki",
    "selectolax",
    "zstandard",
    "html.parser",
}


def imported_modules(project: Path, deck: str, command: str = "build") -> set[str]:
    """Return the modules that a command imports for a deck, in a process of its own."""
    sources = project / "cards_source"
    (sources / "media").mkdir(parents=True)
    (sources / "media" / "leg.svg").write_bytes(LEG)
    (sources / "d.yaml").write_text(f"deck: D\nid: d\n{deck}\n", encoding="utf-8")
    result = run_python(REPORT_MODULES, command, folder=project)
    assert result.code == 0, result.out
    return {*result.err.split()}


def test_a_plain_deck_imports_nothing_that_only_other_decks_need(tmp_path: Path) -> None:
    """Start-up is what users wait for most, and most decks are text."""
    modules = imported_modules(tmp_path, PLAIN)

    assert {"cardwright.formats.anki.package", "cardwright.formats.pdf.sheets"} <= modules
    assert not modules & UNUSED_BY_BUILDS.union(*(needed for _, needed in FEATURES.values()))


@pytest.mark.parametrize("feature", FEATURES)
def test_a_deck_imports_what_it_uses(tmp_path: Path, feature: str) -> None:
    """So the modules above have the right names."""
    deck, modules = FEATURES[feature]

    assert modules <= imported_modules(tmp_path, deck)


def test_a_check_imports_nothing_that_only_a_build_needs(tmp_path: Path) -> None:
    modules = imported_modules(tmp_path, PLAIN, "check")

    assert not modules & {"cardwright.formats.anki.output", "cardwright.formats.changes"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("build", 2),
        ("check", 2),
        ("print", 2),
        ("rehearse", 2),
        ("bulid", 2),
        ("build --unknown", 2),
        ("build --help", 0),
        ("print --list-presets", 0),
    ],
)
def test_a_command_knows_what_to_do_before_it_imports_what_does_it(
    tmp_path: Path, arguments: str, code: int
) -> None:
    """Here is no project, so there is nothing to do."""
    result = run_python(REPORT_MODULES, *arguments.split(), folder=tmp_path)

    assert result.code == code
    modules = result.err.splitlines()[-1].split()
    assert "click" in modules
    libraries = {"markdown_it", "platformdirs", "sqlite3", "tinycss2", "typst", "yaml"}
    layers = {"pipeline", "reader", "kinds", "source", "check", "identity", "rehearsal"}
    assert not libraries & set(modules)
    assert not layers & {name.split(".")[1] for name in modules if name.startswith("cardwright.")}
