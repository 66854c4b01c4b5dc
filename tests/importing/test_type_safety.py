"""Scripts, and what fetches something, are left out of foreign note types, by name and number."""

from dataclasses import replace
from io import BytesIO

from cardwright.importing.collection import AnkiMedia, AnkiNote, AnkiTemplate, AnkiType
from cardwright.importing.findings import Findings
from cardwright.importing.source_types import source_types
from cardwright.importing.type_safety import TypeSafety

FRONT = '<a href="{{Link}}" class="{{Tags}} {{Word}}" onclick="f()">{{Word}}</a><script>f()</script>'
CSS = '@import "https://example.org/x.css"; b { color: red }'
CARD = AnkiTemplate("Card 1", FRONT, "{{Word}}")
TYPE = AnkiType(7, "Words", 1, is_cloze=False, css=CSS, fields=("Word", "Link"), templates=(CARD,), json={})


def note(*fields: str, tags: tuple[str, ...] = ()) -> AnkiNote:
    return AnkiNote(1, "g", 7, 1, tags, fields, ())


def sheet(name: str, css: str) -> AnkiMedia:
    return AnkiMedia(name, name, 0, lambda: BytesIO(css.encode()))


def test_what_runs_or_fetches_is_left_out_and_counted() -> None:
    safety, findings = TypeSafety({7: TYPE}, {}, keeps_scripts=False), Findings()
    safety.see_note(note("a &amp; b", "https://example.org/?a&amp;b", tags=("x::y",)))
    safe = safety.safe_types([7], findings)[7]

    assert safe.templates[0].front == '<a href="{{Link}}" class="{{Tags}} {{Word}}">{{Word}}</a>'
    assert safe.css.strip() == "b { color: red }"
    assert [(finding.names, finding.count) for finding in findings.findings] == [
        (("@import in Words",), 1),
        (("onclick in Words", "<script> in Words"), 2),
    ]


def test_a_field_that_would_end_a_tag_is_taken_out_of_it() -> None:
    safety = TypeSafety({7: TYPE}, {}, keeps_scripts=False)
    safety.see_note(note("a", "javascript:f()"))
    safety.see_note(note("a", "", tags=("'quoted'",)))

    assert safety.safe_types([7], Findings())[7].templates[0].front == "<a>{{Word}}</a>"


def test_a_name_that_would_be_markup_is_not_shown() -> None:
    front = '{{Tags}} {{Card}} {{Type}} {{Deck}} {{Word}} <i class="{{Card}}">'
    card = AnkiTemplate("<b>Card</b>", front, "{{hint:<u>}}")
    type_ = replace(TYPE, name="It's", css="", fields=("Word", "<u>"), templates=(card,))
    safety, findings = TypeSafety({7: type_}, {}, keeps_scripts=False), Findings()
    safety.see_note(note("a", "b", tags=("R&D",)))
    assert "{{Tags}}" in safety.safe_types([7], Findings())[7].templates[0].front
    safety.see_note(note("a", "b", tags=("a<b",)))

    assert safety.safe_types([7], findings)[7].templates == (
        replace(card, front="  {{Type}} {{Deck}} {{Word}} <i>", back="{{<u>}}"),
    )


def test_whoever_trusts_a_deck_keeps_all_of_it_and_says_so() -> None:
    safety, findings = TypeSafety({7: TYPE}, {}, keeps_scripts=True), Findings()
    types = source_types(safety.safe_types([7], findings).values())

    assert types[7].anki == TYPE
    assert types[7].declaration["allow"] == "unsafe-template"
    assert findings.findings == ()


def test_an_ordinary_note_type_is_as_before() -> None:
    plain = replace(TYPE, css=".card {}", templates=(AnkiTemplate("A", "{{Word}}", "x"),))
    types = source_types(TypeSafety({7: plain}, {}, keeps_scripts=True).safe_types([7], Findings()).values())

    assert types[7].anki == plain
    assert "allow" not in types[7].declaration


def test_a_style_sheet_that_a_style_imports_becomes_a_part_of_it() -> None:
    """Styles may import nothing; what they imported is made as safe as the rest."""
    background = "u { background: url(https://example.org/x) }"
    sheets = {
        "_a.css": f'@import url("_b.css") print; i {{ color: red }} {background}',
        "_b.css": "b { color: red }",
    }
    media = {name: sheet(name, css) for name, css in sheets.items()}
    css = '@import "_a.css"; @import "_lost.css"; p { color: red }'
    safety, findings = TypeSafety({7: replace(TYPE, css=css)}, media, keeps_scripts=False), Findings()

    safe = safety.safe_types([7], findings)[7].css

    assert " ".join(safe.split()) == (
        "@media print { b { color: red } } i { color: red } u { background: none } p { color: red }"
    )
    assert "@import in Words" in findings.findings[1].names
    trusted = TypeSafety({7: replace(TYPE, css=css)}, media, keeps_scripts=True)
    assert "i { color: red }" in trusted.safe_types([7], findings)[7].css


def test_a_style_sheet_that_imports_itself_ends_somewhere() -> None:
    media = {"_a.css": sheet("_a.css", "@import '_a.css'; b { color: red }")}
    safety = TypeSafety({7: replace(TYPE, css='@import "_a.css";')}, media, keeps_scripts=False)

    assert "b { color: red }" in safety.safe_types([7], Findings())[7].css
