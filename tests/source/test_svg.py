"""Drawings from strangers: shapes and text are accepted, everything else is found and pointed at."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from cardwright.source import svg

SCRIPT = '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
MANY_ENTITIES = "".join(f"<!ENTITY a{n} 'x'>" for n in range(201))
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'

HOSTILE = {
    "a script": ("<script>alert(1)</script>", "a script (`<script>`)"),
    "a script with a prefix": (
        '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
        "a script (`<script>`)",
    ),
    "a script of a page": (
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        "a script (`<script>`)",
    ),
    "a handler": ('<handler type="x">1</handler>', "a script (`<handler>`)"),
    "an event handler": ('<path onload="alert(1)"/>', "an event handler (`onload`)"),
    "an event handler in capitals": ('<path ONLOAD="alert(1)"/>', "an event handler (`onload`)"),
    "a web page": (
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        "a label that only web pages show",
    ),
    "a picture of a web page": (
        '<foreignObject><img src="https://x.org/" xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        "a piece of a web page (`<foreignObject>`)",
    ),
    "a style of a web page": (
        '<style xmlns="http://www.w3.org/1999/xhtml">a { b: c }</style>',
        "a piece of a web page (`<style>`)",
    ),
    "a frame of HTML": (
        '<iframe xmlns="http://www.w3.org/1999/xhtml"/>',
        "a piece of a web page (`<iframe>`)",
    ),
    "a paragraph of HTML": ('<p xmlns="http://www.w3.org/1999/xhtml"/>', "a piece of a web page (`<p>`)"),
    "a picture on the web": ('<image href="https://x.org/a.png"/>', "a reference to `https://x.org/a.png`"),
    "a picture of any protocol": ('<image href="//x.org/a.png"/>', "a reference to `//x.org/a.png`"),
    "a file": ('<image xlink:href="file:///etc/passwd"/>', "a reference to `file:///etc/passwd`"),
    "a file beside it": ('<image href="a.png"/>', "a reference to `a.png`"),
    "a piece of another drawing": ('<use href="b.svg#a"/>', "a reference to `b.svg#a`"),
    "a link that runs": ('<a href="java&#115;cript:alert(1)"/>', "a reference to `javascript:alert(1)`"),
    "a link with a tab in it": ('<a href=" java&#9;script:x"/>', "a reference to `javascript:x`"),
    "a page as data": ('<image href="data:text/html,x"/>', "a reference to `data:text/html,x`"),
    "a broken drawing as data": (
        '<image href="data:image/svg+xml,x"/>',
        "an inner drawing that has syntax error",
    ),
    "a script in a drawing as data": (
        f'<image href="data:image/svg+xml;base64,{b64encode(SCRIPT.encode()).decode()}"/>',
        "an inner drawing with a script (`<script>`)",
    ),
    "a script in a drawing in a style": (
        f"<style>a {{ fill: url(data:image/svg+xml,{quote(SCRIPT)}) }}</style>",
        "an inner drawing with a script (`<script>`)",
    ),
    "a link that runs if it is clicked": ('<a ping="https://x.org/"/>', "a reference to `https://x.org/`"),
    "a link to a file": ('<a href="x.html"/>', "a reference to `x.html`"),
    "a link that is changed later": (
        '<set attributeName="xlink:href" to="javascript:x"/>',
        "an animation of `xlink:href`",
    ),
    "a handler that is set later": ('<animate attributeName="onload"/>', "an animation of `onload`"),
    "a fill from elsewhere": ('<path fill="url(https://x.org/a#b)"/>', "a reference to `https://x.org/a#b`"),
    "a style from elsewhere": ("<path style=\"fill: url( 'x.svg#a' )\"/>", "a reference to `x.svg#a`"),
    "a tag in a style sheet": (
        "<style>@im<a/>port 'x.css';</style>",
        "a tag within its style (`<a>`)",
    ),
    "an unknown rule": ("<style>@imports 'x.css';</style>", "an unknown rule in its style (`@imports`)"),
    "a style sheet within a rule": (
        "<style>@media screen { @\\69mport 'x.css'; }</style>",
        "an unknown rule in its style (`@import`)",
    ),
    "a picture after what looks like a comment": (
        r"<style>a::before { content: '/*' } b { fill: url(//x.org) } i { content: '*/' }</style>",
        "a reference to `//x.org`",
    ),
    "a picture in a variable": (
        "<style>a { --x: url(//x.org); fill: var(--x) }</style>",
        "a reference to `//x.org`",
    ),
    "a function of tomorrow": ("<path style='fill: fetch(x)'/>", "a reference in its style (`fetch(…)`)"),
    "a set of pictures": (
        "<style>a { fill: image-set('x.png' 1x) }</style>",
        "a reference in its style (`image-set(…)`)",
    ),
    "a fill with escapes": (
        r"<path style='fill: \75\72l(https://x.org/a)'/>",
        "a reference to `https://x.org/a`",
    ),
    "another base": ('<g xml:base="https://x.org/"/>', "another address as its base (`xml:base`)"),
    "deep nesting": ("<g>" * 250 + "</g>" * 250, "elements nested 200 deep"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_drawing_must_not_have_is_found(name: str) -> None:
    """A drawing in a shared deck must not run anything, nor tell anybody that it is looked at."""
    inside, description = HOSTILE[name]

    (problem,) = svg.read_drawing("x.svg", f"{HEAD}>\n{inside}</svg>".encode()).problems

    assert problem.description == description
    assert problem.span.start_position.line == 2


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (f'<?xml-stylesheet href="x.css"?>{HEAD}/>', "a style sheet from elsewhere"),
        (
            f"<!DOCTYPE svg [<!ENTITY a '&#60;b/>'>]>{HEAD}/>",
            "an entity that stands for markup (`a`)",
        ),
        (
            f"<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>{HEAD}/>",
            "an entity that stands for markup (`b`)",
        ),
        (
            f"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{HEAD}/>",
            "an entity that stands for more than text (`a`)",
        ),
        (
            f"<!DOCTYPE svg [<!ENTITY % a '<!ENTITY b \"c\">'> %a;]>{HEAD}/>",
            "an entity that stands for more than text (`a`)",
        ),
        (
            f"<!DOCTYPE svg [<!ATTLIST path onload CDATA 'x'>]>{HEAD}><path/></svg>",
            "an attribute declared in its DOCTYPE (`onload`)",
        ),
        (
            f"<!DOCTYPE svg [<!ENTITY a '{'x' * 1000}'>]>{HEAD}>{'&a;' * 1001}</svg>",
            "entities that stand for too much text",
        ),
        (
            f"<!DOCTYPE svg [{MANY_ENTITIES}]>{HEAD}/>",
            "an entity that stands for markup (`a200`)",
        ),
    ],
)  # fmt: skip
def test_what_stands_before_the_drawing_is_checked_too(text: str, description: str) -> None:
    """A hundred bytes of entities can become a gigabyte, so they stand for a little text or for nothing."""
    assert [problem.description for problem in svg.read_drawing("x.svg", text.encode()).problems] == [
        description
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}/>",
        f'\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- <script> -->\n{HEAD}/>',
        f'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">{HEAD}/>',
        f'{HEAD}><title>How onload="x" and url(x) are written</title><text>@import</text></svg>',
        f'{HEAD}><defs><g id="a"/></defs><use xlink:href="#a"/><path fill="url( \'#a\')"/></svg>',
        f'{HEAD}><image href="data:image/png;base64,iVBORw0KGgo="/></svg>',
        f"{HEAD}><style>.a {{ fill: #123; }} @media print {{ .a {{ fill: none }} }}</style></svg>",
        f'{HEAD} xmlns:r="http://www.w3.org/rdf#"><metadata><r:RDF r:about="https://x"/></metadata></svg>',
        f'{HEAD}><animate attributeName="r" to="4"/></svg>',
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:path/></s:svg>',
        f'{HEAD}><a xlink:href="https://x.org/"><text>x</text></a><a href="mailto:a@x.org"/></svg>',
        f'{HEAD} content="&lt;mxfile style=&quot;image=url(//x)&quot;"/>',
        f"{HEAD}><style>@font-face {{ font-family: x; src: url(data:font/woff2;base64,AA) }}</style></svg>",
        f'{HEAD}><image href="data:image/svg+xml,{quote(HEAD + "/>")}"/></svg>',
        f"{HEAD}><style>@namespace svg url(http://www.w3.org/2000/svg);</style></svg>",
        f'{HEAD}><path fill="light-dark(#000, rgb(1 2 3))" transform="rotate(4)"/></svg>',
    ],
)  # fmt: skip
def test_what_drawing_programs_write_is_accepted(text: str) -> None:
    """Inkscape and Illustrator write comments, metadata, styles and references within the drawing."""
    assert svg.read_drawing("x.svg", text.encode()) == svg.Drawing(text.encode(), (), ())


@pytest.mark.parametrize(
    ("data", "description"),
    [
        (b"<svg", "unclosed token"),
        (f"{HEAD}><g></svg>".encode(), "mismatched tag"),
        (f"{HEAD}>&b;</svg>".encode(), "undefined entity"),
        (
            f'<!DOCTYPE svg SYSTEM "x">{HEAD}>&nbsp;</svg>'.encode(),
            "an entity that nothing declares (`&nbsp;`)",
        ),
        (f"{HEAD}/>".encode() + b"\xff", "a byte that is not UTF-8"),
        (b"<svg/>", "no `xmlns` of SVG in its first tag"),
        (f"<?xml version='1.0' encoding='UTF-7'?>{HEAD}/>".encode(), "the encoding `UTF-7`, not UTF-8"),
    ],
)
def test_a_drawing_that_cannot_be_read_says_why(data: bytes, description: str) -> None:
    """Neither Anki nor paper would show it, and neither would say so."""
    with pytest.raises(svg.UnreadableSvgError) as error:
        svg.read_drawing("x.svg", data)

    assert error.value.problem.description == description


@pytest.mark.parametrize(
    ("inside", "marked", "step"),
    [
        ("<g></svg>", "</svg>", "close every tag"),
        ("<text>ä&nbsp;b</text></svg>", "&nbsp;", "or its number: `&#160;`"),
        ("<style>g{&:hover{}}</style></svg>", "&", "write `&` as `&amp;`"),
        ("<text>R&D</text></svg>", "&D", "write `&` as `&amp;`"),
        ("<text>a < b</text></svg>", "<", "write `<` as `&lt;`"),
        ("<text>a &lt; 5 <6</text></svg>", "<6", "write `<` as `&lt;`"),
        ('<rect title="a<b"/></svg>', '<b"/>', "write `<` as `&lt;`"),
        ('<rect width="9', "<rect", "cut off"),
        ("<g>\n", ">", "cut off"),
        ('<use x:href="#a"/></svg>', "<use", "declare the prefix"),
        ("<rect hidden/></svg>", "/", ""),
    ],
)
def test_a_drawing_that_cannot_be_read_says_where(inside: str, marked: str, step: str) -> None:
    with pytest.raises(svg.UnreadableSvgError) as error:
        svg.read_drawing("x.svg", f"{HEAD}>\n{inside}".encode())

    problem = error.value.problem
    assert problem.span.source.text[problem.span.start : problem.span.end] == marked
    assert step in problem.help
    assert bool(step) == bool(problem.help)


UNKNOWN = 'requiredExtensions="http://ns.adobe.com/AdobeIllustrator/10.0/"'
LABEL = '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>'


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        ('<foreignObject data-x="a>b"/><text>x</text>', "<text>x</text>"),
        ('<foreignObject requiredExtensions="x"><script>1</script></foreignObject><g/>', "<g/>"),
        ("<style>a{}</style><foreignObject/><style>b{}</style>", "<style>a{}</style><style>b{}</style>"),
        (f"<switch>{LABEL}<text>a</text><g/></switch>", "<switch><text>a</text></switch>"),
        (f"<switch><g/>{LABEL}</switch>", "<switch><g/></switch>"),
        (f"<switch><g {UNKNOWN}/>{LABEL}<text>a </text></switch>", "<switch><text>a </text></switch>"),
        (f"<g><switch>{LABEL}<text>a</text></switch></g>", "<g><switch><text>a</text></switch></g>"),
        ("<style><![CDATA[@import 'x'; a > b {}]]></style>", "<style> a &gt; b {}</style>"),
        ("<style>&#64;import 'x'; a {}</style>", "<style> a {}</style>"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_left_out_exactly(inside: str, left: str) -> None:
    drawing = svg.read_drawing("x.svg", f"{HEAD}>{inside}</svg>".encode())

    assert drawing.problems == ()
    assert drawing.data.decode() == f"{HEAD}>{left}</svg>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<switch>{LABEL}<text>b</text></switch>",
        f"<switch>{LABEL}<text font-size='9' x='1'/></switch>",
        f"<switch>{LABEL}</switch>",
        f"<switch>{LABEL}<text systemLanguage='de'>a</text></switch>",
        f"<switch><g>{LABEL}</g><text>a</text></switch>",
    ],
)
def test_a_label_without_the_same_text_beside_it_is_refused(inside: str) -> None:
    """Anki would show it, and paper would not."""
    (problem,) = svg.read_drawing("x.svg", f"{HEAD}>{inside}</svg>".encode()).problems

    assert problem.description == "a label that only web pages show"


@pytest.mark.parametrize(
    ("declarations", "inside", "left"),
    [
        ('<!ENTITY a "x &#62; y">', '<text class="&a;">&a;</text>', '<text class="x &gt; y">x &gt; y</text>'),
        ("<!ENTITY a '\" onclick=\"'>", '<path id="&a;"/>', '<path id="&quot; onclick=&quot;"/>'),
        ("<!ENTITY a 'x'><!ENTITY a 'y'>", "<text>&a;&lt;</text>", "<text>x&lt;</text>"),
        ("<!ENTITY a 'x'>", "<!-- &a; --><g><![CDATA[&a;]]></g>", "<!-- &a; --><g><![CDATA[&a;]]></g>"),
        ("<!-- ]> --><!ENTITY a ']>'><!ELEMENT b ANY>", "<text>&a;</text>", "<text>]&gt;</text>"),
        ("<!ENTITY a '@import \"x\";'>", "<style>&a; b {}</style>", "<style> b {}</style>"),
    ],
)
def test_entities_are_written_out(declarations: str, inside: str, left: str) -> None:
    """Each reader of drawings has limits of its own for them, and some know none."""
    drawing = svg.read_drawing("x.svg", f"<!DOCTYPE svg [{declarations}]>{HEAD}>{inside}</svg>".encode())

    assert drawing.problems == ()
    assert drawing.data.decode() == f"<!DOCTYPE svg >{HEAD}>{left}</svg>"
