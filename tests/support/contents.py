"""Random contents, made of what HTML, Anki and MathJax might take for markup."""

from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.formats.anki import escape

PICTURE = c.MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")

_RISKY = [
    *("{{", "}}", "::", "{", "}", ":", "c1::", "{{c1::", "{{c2,3::x}}", "{{Answer}}"),
    *("\\(", "\\)", "\\[", "\\]", "\\", "(", "["),
    *("[sound:a.mp3]", "[SOUND:", "sound:", "[anki:play:q:0]", "[anki:tts]"),
    *("[/anki:tts]", "[[type:Answer]]", "[type:x]]", "[[type:nc:x]]"),
    *("[latex]", "[/latex]", "[$]", "[/$]", "[$$]", "<anki-mathjax>x</anki-mathjax>"),
    *("<b>", "</b>", "<script>alert(1)</script>", "<!--", "-->", "&", "&amp;", "&#123;", '"', "'", "<", ">"),
    *("a", "Ö", "猫", " ", "\n", "\x1f", "\x00", "\x1b", "\r", "\ud800", "]", "/", "="),
    # Characters that HTML, Unicode's normalization or Anki's import may alter.
    *("\xa0", "\x0c", "\x85", "\u2028", "\ufeff", "\uffff", "\u0338", "e\u0301", "\u2126", "\u037e"),
]

texts = st.lists(st.sampled_from(_RISKY), min_size=1, max_size=6).map("".join)
# A formula ends at its delimiter, so it has none inside.
formulas = st.lists(
    st.sampled_from(
        [
            *("x", "^2", "\\frac{\\sqrt{a}}{b}", "{{", "}}", "::", "<", "&", "\\\\", "[sound:", " "),
            *("\\\\[1ex]", "\\text{a::{b}}", "\\text{\\(x\\)}", "\n", "\xa0", '"', "\\{", "\\}"),
        ]
    ),
    min_size=1,
    max_size=5,
).map(lambda parts: "".join(parts) + "x")

_colours = st.tuples(*[st.integers(0, 255)] * 3)
_urls = texts.map(lambda text: f"https://a.b/?c={text}") | st.just("mailto:a@b")

_leaves: st.SearchStrategy[c.Inline] = st.one_of(
    st.builds(c.Text, texts),
    st.builds(c.code, texts),
    st.builds(c.Math, formulas, st.booleans()),
    st.builds(c.Image, st.just(PICTURE), texts, st.sampled_from(["", "50%", "120px"])),
    st.just(c.LineBreak()),
)


@st.composite
def _formulas_with_deletions(draw: st.DrawFn) -> c.Math:
    """Return a formula of three parts, with one of them or the first two hidden, or two within each other."""
    parts = draw(st.tuples(formulas, formulas, formulas))
    middle, end = len(parts[0]), len(parts[0] + parts[1])
    hint = draw(st.just("") | formulas)
    deletions = [
        c.MathDeletion((draw(st.integers(1, 3)),), 0, end, hint),
        c.MathDeletion((2, 12), middle, end),
    ]
    return c.Math(
        "".join(parts), draw(st.booleans()), tuple(draw(st.sampled_from([deletions, deletions[1:]])))
    )


def _is_written(hint: tuple[c.Inline, ...]) -> bool:
    """Return whether anything of a hint is left in Anki; no source has one of control characters alone."""
    return not hint or bool(escape.hint(c.inlines_text(hint, lambda _leaf: "x")))


def inlines(*, clozes: bool) -> st.SearchStrategy[tuple[c.Inline, ...]]:
    """Return runs of inlines. clozes: whether they may have cloze deletions, also within each other."""

    def wrap(inner: st.SearchStrategy[c.Inline]) -> st.SearchStrategy[c.Inline]:
        children = st.lists(inner, min_size=1, max_size=3).map(tuple)
        wrappers: list[st.SearchStrategy[c.Inline]] = [
            st.builds(c.Strong, children),
            st.builds(c.Emphasis, children),
            st.builds(c.Strikethrough, children),
            st.builds(c.Styled, st.sampled_from(sorted(c.STYLE_ELEMENTS)), children),
            st.builds(c.Coloured, _colours, st.none() | _colours, children),
            st.builds(c.Coloured, st.none(), _colours, children),
            st.builds(c.Ruby, children, children),
            st.builds(c.Link, _urls, children),
        ]
        if clozes:
            hints = st.lists(_leaves, max_size=2).map(tuple).filter(_is_written)
            numbers = st.sets(st.sampled_from([1, 2, 3, 12, 500]), min_size=1, max_size=2)
            wrappers.append(
                st.builds(
                    c.Cloze,
                    numbers.map(lambda ns: tuple(sorted(ns))),
                    children,
                    hints,
                )
            )
        return st.one_of(wrappers)

    leaves: st.SearchStrategy[c.Inline] = st.one_of(
        _leaves, _formulas_with_deletions() if clozes else st.just(c.Blank())
    )
    return st.lists(st.recursive(leaves, wrap, max_leaves=6), min_size=1, max_size=4).map(tuple)


def _table(has_head: bool, first: c.Content, second: c.Content) -> c.Table:
    return c.Table(("left", ""), (first, second) if has_head else (), ((second, first),))


def contents(*, clozes: bool) -> st.SearchStrategy[c.Content]:
    """Return contents of fields, with every sort of block; see `inlines`."""
    run = inlines(clozes=clozes)
    simple_blocks: st.SearchStrategy[c.Block] = st.one_of(
        st.builds(c.Paragraph, run),
        st.builds(c.Paragraph, run),
        st.builds(c.Heading, st.integers(1, 6), run),
        st.builds(c.code_block, texts, st.sampled_from(["", "python", 'c"><b>'])),
        st.just(c.ThematicBreak()),
    )

    def wrap(inner: st.SearchStrategy[c.Block]) -> st.SearchStrategy[c.Block]:
        content = st.lists(inner, min_size=1, max_size=2).map(tuple)
        entries = st.lists(content, min_size=1, max_size=2).map(tuple)
        return st.one_of(
            st.builds(c.BulletList, entries),
            st.builds(c.OrderedList, st.integers(0, 9), entries),
            st.builds(c.Quote, content),
            st.builds(c.Aligned, st.sampled_from(["left", "center", "right"]), content),
            st.builds(_table, st.booleans(), content, st.just(c.EMPTY) | content),
        )

    return st.lists(st.recursive(simple_blocks, wrap, max_leaves=4), min_size=1, max_size=2).map(tuple)
