"""Contents of every sort, made of what HTML, Anki and MathJax might take for markup."""

from hypothesis import strategies as st

from cardwright.collection.content import (
    Blank,
    Block,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Content,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    MediaFile,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)

PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")

_RISKY = [
    *("{{", "}}", "::", "{", "}", ":", "c1::", "{{c1::", "{{c2,3::x}}", "{{Answer}}"),
    *("\\(", "\\)", "\\[", "\\]", "\\", "(", "["),
    *(
        "[sound:a.mp3]",
        "[SOUND:",
        "sound:",
        "[anki:play:q:0]",
        "[anki:tts]",
        "[latex]",
        "[/latex]",
        "[$]",
        "[$$]",
    ),
    *("<b>", "</b>", "<script>alert(1)</script>", "<!--", "-->", "&", "&amp;", "&#123;", '"', "'", "<", ">"),
    *("a", "Ö", "猫", " ", "\n", "\x1f", "\x00", "\x1b", "\r", "\ud800", "]", "/", "="),
]

texts = st.lists(st.sampled_from(_RISKY), min_size=1, max_size=6).map("".join)
# A formula ends where its delimiter is, so that cannot stand in one.
formulas = st.lists(
    st.sampled_from(["x", "^2", "\\frac{\\sqrt{a}}{b}", "{{", "}}", "::", "<", "&", "\\\\", "[sound:", " "]),
    min_size=1,
    max_size=5,
).map(lambda parts: "".join(parts) + "x")

_leaves: st.SearchStrategy[Inline] = st.one_of(
    st.builds(Text, texts),
    st.builds(Code, texts),
    st.builds(Math, formulas, st.booleans()),
    st.builds(Image, st.just(PICTURE), texts),
    st.just(LineBreak()),
)


def inlines(*, clozes: bool) -> st.SearchStrategy[tuple[Inline, ...]]:
    """A run of inlines. clozes: whether deletions, nested ones too, may be among them."""

    def around(inner: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
        children = st.lists(inner, min_size=1, max_size=3).map(tuple)
        wrappers: list[st.SearchStrategy[Inline]] = [
            st.builds(Strong, children),
            st.builds(Emphasis, children),
            st.builds(Strikethrough, children),
            st.builds(Link, st.sampled_from(["https://a.b/?c={{d}}::&e=\"'", "mailto:a@b"]), children),
        ]
        if clozes:
            numbers = st.sets(st.sampled_from([1, 2, 3, 12, 500]), min_size=1, max_size=2)
            wrappers.append(
                st.builds(Cloze, numbers.map(lambda ns: tuple(sorted(ns))), children, texts | st.just(""))
            )
        return st.one_of(wrappers)

    blank: list[st.SearchStrategy[Inline]] = [] if clozes else [st.just(Blank())]
    leaves = st.one_of(_leaves, *blank)
    return st.lists(st.recursive(leaves, around, max_leaves=6), min_size=1, max_size=4).map(tuple)


def contents(*, clozes: bool) -> st.SearchStrategy[Content]:
    """A field's content with every sort of block."""
    run = inlines(clozes=clozes)
    simple: st.SearchStrategy[Block] = st.one_of(
        st.builds(Paragraph, run),
        st.builds(Paragraph, run),
        st.builds(Heading, st.integers(1, 6), run),
        st.builds(CodeBlock, texts, st.sampled_from(["", "python", 'c"><b>'])),
        st.builds(lambda head, row: Table(("left", ""), (head, head), ((row, head),)), run, run),
        st.just(ThematicBreak()),
    )

    def around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        content = st.lists(inner, min_size=1, max_size=2).map(tuple)
        entries = st.lists(content, min_size=1, max_size=2).map(tuple)
        return st.one_of(
            st.builds(BulletList, entries),
            st.builds(OrderedList, st.integers(0, 9), entries),
            st.builds(Quote, content),
        )

    return st.lists(st.recursive(simple, around, max_leaves=4), min_size=1, max_size=2).map(tuple)
