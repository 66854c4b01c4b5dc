"""The few words on pages of running text that are ours and not the author's, in the deck's language."""

from collections.abc import Collection
from dataclasses import astuple, dataclass

from cardwright.formats.pdf.words import grapheme_clusters


@dataclass(frozen=True, slots=True)
class PageTexts:
    """page: with `{n}` and `{m}` in the places of the page's number and the number of pages."""

    name: str
    date: str
    answers: str
    sources: str
    page: str

    @property
    def text(self) -> str:
        return "".join(astuple(self))


ENGLISH = PageTexts("Name", "Date", "Answers", "Sources", "page {n} of {m}")
# Without a word for it, `3 / 12` is understood everywhere.
_SHORT = "{n} / {m}"
_LABELS = {
    "en": ENGLISH,
    "ar": PageTexts("الاسم", "التاريخ", "الإجابات", "المصادر", _SHORT),
    "cs": PageTexts("Jméno", "Datum", "Odpovědi", "Zdroje", "strana {n} z {m}"),
    "da": PageTexts("Navn", "Dato", "Svar", "Kilder", "side {n} af {m}"),
    "de": PageTexts("Name", "Datum", "Antworten", "Quellen", "Seite {n} von {m}"),
    "el": PageTexts("Όνομα", "Ημερομηνία", "Απαντήσεις", "Πηγές", "σελίδα {n} από {m}"),
    "es": PageTexts("Nombre", "Fecha", "Respuestas", "Fuentes", "página {n} de {m}"),
    "fa": PageTexts("نام", "تاریخ", "پاسخ‌ها", "منابع", _SHORT),
    "fi": PageTexts("Nimi", "Päivämäärä", "Vastaukset", "Lähteet", _SHORT),
    "fr": PageTexts("Nom", "Date", "Réponses", "Sources", "page {n} sur {m}"),
    "he": PageTexts("שם", "תאריך", "תשובות", "מקורות", _SHORT),
    "it": PageTexts("Nome", "Data", "Risposte", "Fonti", "pagina {n} di {m}"),
    "ja": PageTexts("名前", "日付", "解答", "出典", _SHORT),
    "ko": PageTexts("이름", "날짜", "정답", "출처", _SHORT),
    "nb": PageTexts("Navn", "Dato", "Svar", "Kilder", "side {n} av {m}"),
    "nl": PageTexts("Naam", "Datum", "Antwoorden", "Bronnen", "pagina {n} van {m}"),
    "pl": PageTexts("Imię i nazwisko", "Data", "Odpowiedzi", "Źródła", "strona {n} z {m}"),
    "pt": PageTexts("Nome", "Data", "Respostas", "Fontes", "página {n} de {m}"),
    "ru": PageTexts("Имя", "Дата", "Ответы", "Источники", _SHORT),
    "sv": PageTexts("Namn", "Datum", "Svar", "Källor", "sida {n} av {m}"),
    "tr": PageTexts("Ad", "Tarih", "Cevaplar", "Kaynaklar", _SHORT),
    "uk": PageTexts("Ім’я", "Дата", "Відповіді", "Джерела", _SHORT),
    "ur": PageTexts("نام", "تاریخ", "جوابات", "ماخذ", _SHORT),
    "zh": PageTexts("姓名", "日期", "答案", "来源", _SHORT),
}


def page_texts(language: str) -> PageTexts:
    """The words for a language; English ones for those that we do not speak. language: BCP 47."""
    return _LABELS.get(language.lower().partition("-")[0], ENGLISH)


def are_shown(words: PageTexts, absent: Collection[str]) -> bool:
    """Whether the fonts can show them. absent: the character clusters that they cannot."""
    return not any(cluster in absent for cluster in grapheme_clusters(words.text))
