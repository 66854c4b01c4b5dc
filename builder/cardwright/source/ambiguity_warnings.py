"""The manual pages of warnings about text that is probably read differently from what its author meant."""

# The first example of each page breaks its rule, and the second one none. A test tries both.
_PAGES = {
    "broken-formula": r"""
A formula can't be shown as it is written.

## Example
```yaml
- q: How much is half of a half?
  a: \(\frac{1}\)
```

Use instead: the complete formula. The warning says what is missing.

```yaml
- q: How much is half of a half?
  a: \(\frac{1}{4}\)
```
""",
    "cloze-outside-cloze": r"""
`{{c1::` is only text outside of cloze cards.

## Example
```yaml
- q: The hamstrings bend the {{c1::knee}}.
  a: knee
```

Use instead: a `cloze` card.

```yaml
- cloze: The hamstrings bend the {{c1::knee}}.
```
""",
    "code-as-hint": r"""
`::` in hidden code makes a hint of what follows.

Within a deletion, Anki takes what follows `::` for a hint, and shows it in
place of the hidden text.

## Example
```yaml
- cloze: C++ has the container {{c1::std::vector}}.
```

Use instead: a backslash before the colons.

```yaml
- cloze: 'C++ has the container {{c1::std\::vector}}.'
```
""",
    "definition-not-shown": r"""
A line such as `[1]: …` isn't shown.

Markdown takes it for the address of a link that other lines refer to.

## Example
```yaml
- q: |
    Who said this?

    [1]: https://example.org
  a: Nobody
```

Use instead: a line that begins with something else.

```yaml
- q: |
    Who said this?

    [1] https://example.org
  a: Nobody
```
""",
    "deletion-end-as-text": r"""
`}}` ends no cloze deletion, and is shown.

## Example
```yaml
- cloze: The hamstrings {{c1::flex}}}} the knee.
```

Use instead: as many ends as there are deletions.

```yaml
- cloze: The hamstrings {{c1::flex}} the knee.
```
""",
    "dollars-as-text": r"""
A formula between `$` signs is shown as text.

A dollar may be a price, so formulas have signs that mean nothing else.

## Example
```yaml
- q: What is $x^2$ if $x$ is 3?
  a: "9"
```

Use instead: `\(…\)`, and `\[…\]` for a formula on a line of its own.

```yaml
- q: What is \(x^2\) if \(x\) is 3?
  a: "9"
```
""",
    "dropped-attribute": r"""
A picture has an attribute that does nothing.

Behind a picture, only its width can be set.

## Example
```yaml
- q: Which muscles are these? ![A thigh](media/thigh.svg){height=50%}
  a: The hamstrings
```

Use instead: `{width=…}`, in percent or in pixels.

```yaml
- q: Which muscles are these? ![A thigh](media/thigh.svg){width=50%}
  a: The hamstrings
```
""",
    "emphasis-as-text": r"""
Stars are shown, and emphasise nothing.

One of the signs is missing, or a space or a letter keeps Markdown from
taking them for emphasis.

## Example
```yaml
- q: What is pulled off?
  a: A piece of **bone
```

Use instead: the same signs before and behind the words, without spaces
inside.

```yaml
- q: What is pulled off?
  a: A piece of **bone**
```
""",
    "formula-comment": r"""
`%` hides the rest of a line in a formula.

In TeX, the language of formulas, it begins a comment.

## Example
```yaml
- q: Which share is \(5% x\)?
  a: A twentieth
```

Use instead: `\%`.

```yaml
- q: Which share is \(5\% x\)?
  a: A twentieth
```
""",
    "line-as-markup": r"""
A sign makes a line a list, heading or quotation.

## Example
```yaml
- q: Which rib is the shortest?
  a: 1. rib
```

Use instead: a backslash before the sign.

```yaml
- q: Which rib is the shortest?
  a: 1\. rib
```
""",
    "lines-folded": r"""
YAML joins lines that were probably meant apart.

It does so with a text that begins with `>`, and with one that goes on on
further lines.

## Example
```yaml
- q: Which muscles bend the knee?
  a: >
    - biceps femoris
    - semitendinosus
```

Use instead: `|`, which keeps the lines.

```yaml
- q: Which muscles bend the knee?
  a: |
    - biceps femoris
    - semitendinosus
```
""",
    "lines-joined": r"""
Markdown joins lines that were probably meant apart.

## Example
```yaml
- q: Which bones meet at the knee?
  a: |
    Femur
    Tibia
```

Use instead: a list, lines that end with `\`, or an empty line between them.

```yaml
- q: Which bones meet at the knee?
  a: |
    - Femur
    - Tibia
```
""",
    "list-not-nested": r"""
An entry of an inner list isn't indented enough.

## Example
```yaml
- q: Which muscles bend the knee?
  a: |
    1. at the back
      - biceps femoris
    2. at the side
```

Use instead: as much space as there is before the words of the entry above.

```yaml
- q: Which muscles bend the knee?
  a: |
    1. at the back
       - biceps femoris
    2. at the side
```
""",
    "markup-as-text": r"""
Markup of another program is shown as text.

## Example
```yaml
- q: What is water?
  a: H~2~O, which is ==wet==
```

Use instead: Markdown, or a tag of HTML that cards may have. The warning says
which.

```yaml
- q: What is water?
  a: H<sub>2</sub>O, which is <mark>wet</mark>
```
""",
    "missing-file": r"""
HTML names a file that isn't in the deck's folder.

In a Markdown text, this is an error. HTML may have come from Anki, where the
file was missing already.

## Example
```yaml
- q: {html: 'Which bone is this? <img src="media/nothing.png">'}
  a: The femur
```

Use instead: the name of a file that is there, or no picture.

```yaml
- q: {html: 'Which bone is this? <img src="media/femur.svg">'}
  a: The femur
```
""",
    "nested-deletions": r"""
Too many cloze deletions are inside each other.

Anki before version 25.02 reads no more than three, and one with two numbers
counts twice.

## Example
```yaml
- cloze: '{{c1::The {{c2::long {{c3::head {{c4::of it}}}}}}}} is strong.'
```

Use instead: deletions beside each other, or several cards.

```yaml
- cloze: The {{c1::long}} {{c2::head}} of {{c3::it}} is strong.
```
""",
    "picture-as-text": r"""
A picture is shown as text.

Its address has a space in it, or there is a space before its parenthesis.

## Example
```yaml
- q: Which muscles are these? ![A thigh] (media/thigh.svg)
  a: The hamstrings
```

Use instead: `![what it shows](media/thigh.svg)`, with `%20` for a space in a
name.

```yaml
- q: Which muscles are these? ![A thigh](media/thigh.svg)
  a: The hamstrings
```
""",
    "reading-without-space": r"""
A reading stands over more than its word.

Anki puts a reading over everything between it and the last space.

## Example
```yaml
# cards_source/words.yaml
deck: Words
id: words
note_types:
  word:
    fields: [Word]
    templates:
      Reading: {front: "{{kanji:Word}}", back: "{{furigana:Word}}"}
cards:
  - {id: a, type: word, fields: {Word: "天気[てんき]はいいから散歩[さんぽ]"}}
```

Use instead: a space before the word. Anki doesn't show it.

```yaml
# cards_source/words.yaml
deck: Words
id: words
note_types:
  word:
    fields: [Word]
    templates:
      Reading: {front: "{{kanji:Word}}", back: "{{furigana:Word}}"}
cards:
  - {id: a, type: word, fields: {Word: "天気[てんき]はいいから 散歩[さんぽ]"}}
```
""",
    "signs-as-markup": r"""
Signs such as `_` and `*` are read as markup.

## Example
```yaml
- q: How is a name written in Python?
  a: _snake_case_
```

Use instead: backticks, which show code as it is, or a backslash before each
sign.

```yaml
- q: How is a name written in Python?
  a: "`_snake_case_`"
```
""",
    "sound-without-words": r"""
A sound has no words that paper could show.

## Example
```yaml
- q: What do you hear? ![](media/femur.mp3)
  a: The word *femur*
```

Use instead: words in the brackets that don't give the answer away.

```yaml
- q: What do you hear? ![a word for a bone](media/femur.mp3)
  a: The word *femur*
```
""",
    "table-as-text": r"""
Lines look like a table, but are no part of one.

## Example
```yaml
- q: Which bones meet at which joint?
  a: |
    | joint | bones |
    | knee | femur, tibia |
```

Use instead: a line of `|---|---|` below the head, and an empty line above and
below the table.

```yaml
- q: Which bones meet at which joint?
  a: |
    | joint | bones |
    |---|---|
    | knee | femur, tibia |
```
""",
    "tag-as-text": r"""
A tag that cards can't have is shown as text.

Cards may have only those tags of HTML that both Anki and paper can show.

## Example
```yaml
- q: What does <title> do?
  a: It names a page
```

Use instead: backticks, if the tag is meant as text. If it is meant as a tag,
the warning says what there is in its place.

```yaml
- q: What does `<title>` do?
  a: It names a page
```
""",
    "tag-not-shown": r"""
What looks like a word is a tag, and isn't shown.

## Example
```yaml
- q: How do <br> and <p> differ?
  a: Only one has an end
```

Use instead: backticks, if the tag is meant as text.

```yaml
- q: How do `<br>` and `<p>` differ?
  a: Only one has an end
```
""",
    "unclosed-fence": r"""
A block of code begins and never ends.

## Example
```yaml
- q: What does this print?
  a: |
    ```python
    print(1)
```

Use instead: a line of three backticks below the code, too.

```yaml
- q: What does this print?
  a: |
    ```python
    print(1)
    ```
```
""",
}
AMBIGUITY_WARNINGS = {code: page.strip() for code, page in _PAGES.items()}
"""The page of each warning in Markdown by its code, which `allow:` can name. Its first line is a summary."""
