"""Finds the encoding of a text file whose bytes do not say it, by what the text would be in each encoding.

Vocabulary is short words one below the other, so statistics of running text fail on it. What still tells
encodings apart is which letters beside those of ASCII a language has, and that some of them are common.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from encodings.aliases import aliases
from functools import cache
from itertools import combinations_with_replacement
from math import log

# Byte order marks. Those of UTF-32 begin with those of UTF-16, and come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_NO_CHARSETS = {"base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13", "uu_codec"}
_CHARSETS = frozenset(aliases.values()) - _NO_CHARSETS - {"zlib_codec", "utf_7"}

# The letters beside a to z of languages, the most frequent ones first. They need not be exact: they are
# compared with what the same bytes are in other encodings.
_WESTERN = (
    "äüößé", "éèàêçôîùâûëïœæÿ", "óíáéñúü¿¡ªº", "ãçáéíóêõâúàôü", "àèòùìéî", "åäöé", "øåæéöäü", "ëéèïöüç",
    "áíóðéþúýæö", "àèéíòóçúïü·",
)  # fmt: skip
_CENTRAL = (
    "łóąężśćńź", "íáéěřýščžůúňťďó", "áíéúčžšýľťňôäďóŕĺ", "áéóöőüíúű", "šžčćđ", "ăâîşţ", "äüößé",
)  # fmt: skip
_RUSSIAN, _UKRAINIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оанивтіерслкудмпязьбгйчхцжїюєшщфґ"
_CYRILLIC = (
    _RUSSIAN, _UKRAINIAN, "аоиетнрсвлкдпмзуягбъчшщцжфйхюь", "аоиенрсјткдвлмпузгбчшцжхћљњђфџ",
    "аноіерстклвдмпяуызьбгўчйцшжхёюэф",
)  # fmt: skip
_GREEK = ("αοιετνσρκπςυμληγδήάόίέωθχφβύώζξψϊϋ",)
_HEBREW = ("יוהאלרתשבמנעדחקפסגצטכזםןךףץ",)
_ARABIC = ("ايلمونرتبعدهسفكقحجشصةطخأىذضزئثءظغإؤآچپگژک",)
_THAI = ("านรอกเงมยลวดทสตะปบคหแจพชขใไโผถซธศฉฟภณญษฮฝฬฎฏฐฑฒฆฌฤ" + "".join(map(chr, range(0xE31, 0xE4F))),)

# Encodings of a byte for each character, with the languages written in them, and how often they are met.
_SINGLE_BYTE: Mapping[str, tuple[tuple[str, ...], float]] = {
    "cp1252": (_WESTERN, 1),
    "cp1250": (_CENTRAL, 0.2),
    "cp1251": (_CYRILLIC, 0.2),
    "cp1253": (_GREEK, 0.1),
    "cp1254": (("ıüşçğöİâîû",), 0.3),
    "cp1255": (_HEBREW, 0.1),
    "cp1256": (_ARABIC, 0.1),
    "cp1257": (("ėšžūųįčąę", "āīēšņūļžģķčö", "äõüöšž"), 0.1),
    "cp1258": (("đơưêôâăáàéèíóòúù" + "\u0323\u0300\u0301\u0303\u0309",), 0.05),
    "cp874": (_THAI, 0.1),
    "mac_roman": (_WESTERN, 0.01),
    "iso8859_2": (_CENTRAL, 0.05),
    "koi8_u": ((_RUSSIAN, _UKRAINIAN), 0.05),
    "iso8859_5": (_CYRILLIC, 0.02),
    "cp866": ((_RUSSIAN,), 0.02),
    "mac_cyrillic": (_CYRILLIC, 0.01),
    "cp850": (_WESTERN, 0.005),
    "cp852": (_CENTRAL, 0.005),
    "mac_latin2": (_CENTRAL, 0.002),
}
# Encodings of East Asia, with the codec in which frequent characters have a first byte of the given range,
# and how often they are met.
# Source: JIS X 0208 level 1, GB 2312 level 1, Big5 level 1, and the syllables of KS X 1001.
_MULTI_BYTE = {
    "cp932": ("euc_jp", 0xB0, 0xCF, 0.2),
    "euc_jp": ("euc_jp", 0xB0, 0xCF, 0.02),
    "gb18030": ("gb2312", 0xB0, 0xD7, 0.2),
    "big5hkscs": ("big5", 0xA4, 0xC6, 0.1),
    "cp949": ("euc_kr", 0xB0, 0xC8, 0.1),
}
_NAMES = {
    "utf_8": "UTF-8", "utf_16": "UTF-16", "utf_16_le": "UTF-16",
    "utf_16_be": "UTF-16", "utf_32": "UTF-32", "utf_32_le": "UTF-32", "utf_32_be": "UTF-32",
    "iso2022_jp": "ISO-2022-JP", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "gb18030": "GB18030",
    "big5hkscs": "Big5", "koi8_u": "KOI8-U", "mac_roman": "Mac-Roman", "mac_cyrillic": "Mac-Cyrillic",
    "mac_latin2": "Mac-Latin2", "iso8859_2": "ISO-8859-2", "iso8859_5": "ISO-8859-5",
}  # fmt: skip

# The most frequent characters of Chinese and Korean: a text in one is hardly ever full of those of the other.
_FREQUENT = {
    "gb18030": frozenset(
        "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么"
        "心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现"
        "分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位"
        "因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师"
        "书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及"
        "亚斯尔巴拉尼加布克罗达马维图里特兰岛萨圣格诺卡"
    ),
    "cp949": frozenset(
        "이다는의가을에고하지은도를한기서로나자사리아인어시스라대해전정수일부장보동구비여주국상성과제원만조신공요"
        "안오유마연미으그우들무생경관소문교세학실계거물방화음식것람당진양모년간치산명업용회적내선중발차행불단후"
        "선생님녕녀습니있었없않게면와개입군민법분결심영호강백천키트크타파카네데레드르바버베브"
    ),
}
_SIGNS = frozenset("“”‘’„‚–—…«»°§€£•×±½²³µ©®™‹›¿¡´·№\xa0")
_CJK_SIGNS = frozenset("、。「」『』，．：；？！（）・～〜－—…“”《》【】〈〉　ー々％")
_PINYIN = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü")
_HIGH = re.compile(r"([^\x00-\x7f]+)")
# What is told from these many bytes beyond ASCII is not told better from more.
_SAMPLE = 6000
# Log likelihoods of a character that no language of the encoding has, and of one in an unlikely place.
_UNKNOWN, _MISPLACED, _SIGN = log(1e-4), log(0.02), log(0.004)
_FREQUENT_CJK, _COMMON_CJK, _RARE_CJK, _HANGUL, _KANA, _HALF_WIDTH = (
    log(chance) for chance in (1 / 400, 1 / 2000, 1e-5, 1 / 3000, 1 / 120, 1 / 2500)
)
# A text that is this much likelier in one encoding than in the next is that one beyond doubt.
_CERTAIN = log(1e4)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file, without a byte order mark.

    encoding: as authors know it, such as `UTF-8` or `cp1252`.
    others: names of encodings in which it would be another text, about as likely; empty if it is certain.
    broken: offsets of characters that stand for bytes which the encoding hasn't, and are guessed.
    """

    text: str
    encoding: str
    others: tuple[str, ...] = ()
    broken: tuple[int, ...] = ()


def find_charset(name: str) -> str | None:
    """Return the codec of an encoding that an author names; None if there is none of texts."""
    try:
        codec = codecs.lookup(name).name.replace("-", "_").lower()
    except (LookupError, ValueError):
        return None
    codec = {"iso8859_1": "latin_1"}.get(codec, codec)
    return codec if codec in _CHARSETS or codec == "koi8_u" else None


def decode_text(data: bytes) -> DecodedText | None:
    """Return the text of a file whose encoding nobody told; None if it is no text in any known one."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_unicode(data[len(mark) :], codec)
    if (wide := _wide_codec(data)) is not None:
        return _decode_unicode(data, wide)
    if b"\x1b$" in data and (text := _decoded(data, "iso2022_jp")) is not None:
        return DecodedText(text, _NAMES["iso2022_jp"])
    if (text := _decoded(data, "utf_8")) is not None:
        return DecodedText(text, _NAMES["utf_8"])
    if (repaired := _nearly_utf_8(data)) is not None:
        return repaired
    return _likeliest(data)


def decode_as(data: bytes, codec: str) -> DecodedText:
    """Return the text of a file in an encoding that is known. codec: Python's name of it."""
    mark = next((mark for mark, its_codec in _MARKS if codec == its_codec and data.startswith(mark)), b"")
    text = data[len(mark) :].decode(codec, "replace")
    return DecodedText(text, _name(codec), broken=tuple(m.start() for m in re.finditer("\ufffd", text)))


def _decode_unicode(data: bytes, codec: str) -> DecodedText | None:
    if codec == "utf_8" and (repaired := _nearly_utf_8(data, least=0)) is not None:
        return repaired
    return decode_as(data, codec)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _wide_codec(data: bytes) -> str | None:
    """Return the codec of UTF-16 or UTF-32 without a mark: every ASCII character has zeros beside it."""
    zeros = [data[place::4].count(0) for place in range(4)]
    share = max(1, len(data) // 4)
    if sum(zeros) * 50 < len(data):
        return None
    if len(data) % 4 == 0 and min(zeros[2], zeros[3]) > 0.9 * share and zeros[0] < 0.1 * share:
        return "utf_32_le"
    if len(data) % 4 == 0 and min(zeros[0], zeros[1]) > 0.9 * share and zeros[3] < 0.1 * share:
        return "utf_32_be"
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    for codec, zeros_there, others in (("utf_16_le", odd, even), ("utf_16_be", even, odd)):
        if zeros_there > 10 * others and (text := _decoded(data[: len(data) // 2 * 2], codec)) is not None:
            # Other text with a few zeros has no white space when it is read so.
            return codec if re.search(r"[\t\n\r ]", text) else None
    return None


def _nearly_utf_8(data: bytes, *, least: int = 10) -> DecodedText | None:
    """Return a text of UTF-8 with a few other bytes, as comes of files that were joined; None if it is not.

    least: so many characters beyond ASCII must be right for each that is wrong.
    """
    text = data.decode("utf_8", "surrogateescape")
    high = Counter("\udc80" <= sign <= "\udcff" for run in _HIGH.findall(text) for sign in run)
    if high[False] < least * high[True]:
        return None
    broken = tuple(match.start() for match in re.finditer("[\udc80-\udcff]", text))
    bytes_ = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
    return DecodedText(text.translate(bytes_), _NAMES["utf_8"], broken=broken)


def _likeliest(data: bytes) -> DecodedText | None:
    scores: list[tuple[float, str, str]] = []
    # A part of the file may end within a character; the whole must not.
    sample = _sample(data)
    for codec, (languages, frequency) in _SINGLE_BYTE.items():
        if (text := _decoded_part(sample, codec)) is not None:
            scores.append((_score_letters(text, languages) + log(frequency), codec, text))
    for codec, (*_, frequency) in _MULTI_BYTE.items():
        if (text := _decoded_part(sample, codec)) is not None:
            scores.append((_score_east_asian(text, codec) + log(frequency), codec, text))
    scores.sort(reverse=True)
    for place, (score, codec, text) in enumerate(scores):
        if (whole := _decoded(data, codec)) is not None:
            near = (
                entry for entry in scores[place + 1 :] if score - entry[0] < _CERTAIN and entry[2] != text
            )
            return DecodedText(whole, _name(codec), tuple(_name(entry[1]) for entry in near)[:3])
    return None


def _name(codec: str) -> str:
    return _NAMES.get(codec, codec)


def _sample(data: bytes) -> bytes:
    """Return lines of a file with bytes beyond ASCII, up to a limit."""
    sample = bytearray()
    for match in re.finditer(rb"[^\r\n]+", data):
        if not match[0].isascii():
            sample += match[0][: _SAMPLE + 1] + b"\n"
        if len(sample) > _SAMPLE:
            break
    return bytes(sample[:_SAMPLE])


def _decoded_part(data: bytes, codec: str) -> str | None:
    """Return the text of a part of a file, which may end within a character; None if it has other bytes."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(data)
    except UnicodeError:
        return None


def _score_letters(text: str, languages: Iterable[str]) -> float:
    """Return how likely a text is in the best one or two of some languages, as a logarithm."""
    counts: Counter[str] = Counter()
    score = 0.0
    is_latin = languages is _WESTERN or all(letter < "\u0250" for letter in next(iter(languages)))
    for run, before, after in _runs(text):
        for place, sign in enumerate(run):
            left = run[place - 1] if place else before
            right = run[place + 1] if place + 1 < len(run) else after
            counts[sign if sign == "İ" else sign.lower()] += 1
            score += _place_score(sign, left, right, is_latin=is_latin)
    chances = [_chances(language) for language in languages]
    return score + max(
        sum(count * _letter_score(sign, one, other) for sign, count in counts.items())
        for one, other in combinations_with_replacement(chances, 2)
    )


def _runs(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the runs of characters beyond ASCII, each with the characters before and after it."""
    parts = _HIGH.split(text)
    for place in range(1, len(parts), 2):
        yield parts[place], parts[place - 1][-1:], parts[place + 1][:1]


def _place_score(sign: str, left: str, right: str, *, is_latin: bool) -> float:
    score = 0.0
    if sign.isalpha():
        if sign.isupper() and left.islower():
            score += _MISPLACED
        if is_latin:
            score += log(0.1) * (left.isalpha() and not left.isascii())
            score += log(0.2) * (not left.isalpha() and not right.isalpha())
        else:
            score += _MISPLACED * (
                (left.isalpha() and left.isascii()) + (right.isalpha() and right.isascii())
            )
    elif left.isalpha() and right.isalpha() and sign not in "’·\xa0" and not "\u0300" <= sign <= "\u036f":
        score += _MISPLACED
    return score


@cache
def _chances(language: str) -> Mapping[str, float]:
    """Return the likelihood of each letter among those beyond ASCII of a language."""
    weights = {letter: 1 / (place + 2) for place, letter in enumerate(language)}
    total = sum(weights.values())
    return {letter: 0.95 * weight / total for letter, weight in weights.items()}


def _letter_score(sign: str, one: Mapping[str, float], other: Mapping[str, float]) -> float:
    chance = (one.get(sign, 0) + other.get(sign, 0)) / 2
    return log(chance) if chance else _SIGN if sign in _SIGNS else _UNKNOWN


def _score_east_asian(text: str, codec: str) -> float:
    charset, common = _MULTI_BYTE[codec][0], _common_characters(codec)
    frequent = _FREQUENT.get(codec, frozenset())
    score = 0.0
    for run in _HIGH.findall(text):
        for sign in run:
            if sign in frequent:
                score += _FREQUENT_CJK
            elif "\u3041" <= sign <= "\u30ff":
                score += _KANA if charset == "euc_jp" else _RARE_CJK
            elif "\uac00" <= sign <= "\ud7a3":
                score += _HANGUL if sign in common else _RARE_CJK
            elif "\uff61" <= sign <= "\uff9f":
                score += _HALF_WIDTH
            elif sign in common or sign in _CJK_SIGNS or (sign in _PINYIN and codec == "gb18030"):
                score += _COMMON_CJK
            else:
                score += _RARE_CJK
    return score


@cache
def _common_characters(codec: str) -> frozenset[str]:
    charset, first, last, _ = _MULTI_BYTE[codec]
    pairs = (bytes((high, low)) for high in range(first, last + 1) for low in range(0x40, 0xFF))
    return frozenset(pair.decode(charset, "replace") for pair in pairs) - {"\ufffd"}
