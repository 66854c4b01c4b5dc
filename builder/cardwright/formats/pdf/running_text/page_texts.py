"""The few texts on pages of running text that are not the author's, in the deck's language."""

from collections.abc import Collection
from dataclasses import astuple, dataclass

from cardwright.formats.pdf.words import grapheme_clusters


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The texts in one language.

    page: `{n}` stands for the page's number, and `{m}` for the number of pages.
    """

    name: str
    date: str
    answers: str
    sources: str
    page: str

    @property
    def joined(self) -> str:
        """All texts, one after the other."""
        return "".join(astuple(self))


ENGLISH = PageTexts("Name", "Date", "Answers", "Sources", "page {n} of {m}")
# Needs no word for "page", and is understood everywhere.
_NUMBERS_ONLY = "{n} / {m}"
_TRANSLATIONS = {
    "en": ENGLISH,
    "ar": PageTexts("الاسم", "التاريخ", "الإجابات", "المصادر", _NUMBERS_ONLY),
    "cs": PageTexts("Jméno", "Datum", "Odpovědi", "Zdroje", "strana {n} z {m}"),
    "da": PageTexts("Navn", "Dato", "Svar", "Kilder", "side {n} af {m}"),
    "de": PageTexts("Name", "Datum", "Antworten", "Quellen", "Seite {n} von {m}"),
    "el": PageTexts("Όνομα", "Ημερομηνία", "Απαντήσεις", "Πηγές", "σελίδα {n} από {m}"),
    "es": PageTexts("Nombre", "Fecha", "Respuestas", "Fuentes", "página {n} de {m}"),
    "fa": PageTexts("نام", "تاریخ", "پاسخ‌ها", "منابع", _NUMBERS_ONLY),
    "fi": PageTexts("Nimi", "Päivämäärä", "Vastaukset", "Lähteet", _NUMBERS_ONLY),
    "fr": PageTexts("Nom", "Date", "Réponses", "Sources", "page {n} sur {m}"),
    "he": PageTexts("שם", "תאריך", "תשובות", "מקורות", _NUMBERS_ONLY),
    "it": PageTexts("Nome", "Data", "Risposte", "Fonti", "pagina {n} di {m}"),
    "ja": PageTexts("名前", "日付", "解答", "出典", _NUMBERS_ONLY),
    "ko": PageTexts("이름", "날짜", "정답", "출처", _NUMBERS_ONLY),
    "nb": PageTexts("Navn", "Dato", "Svar", "Kilder", "side {n} av {m}"),
    "nl": PageTexts("Naam", "Datum", "Antwoorden", "Bronnen", "pagina {n} van {m}"),
    "pl": PageTexts("Imię i nazwisko", "Data", "Odpowiedzi", "Źródła", "strona {n} z {m}"),
    "pt": PageTexts("Nome", "Data", "Respostas", "Fontes", "página {n} de {m}"),
    "ru": PageTexts("Имя", "Дата", "Ответы", "Источники", _NUMBERS_ONLY),
    "sv": PageTexts("Namn", "Datum", "Svar", "Källor", "sida {n} av {m}"),
    "tr": PageTexts("Ad", "Tarih", "Cevaplar", "Kaynaklar", _NUMBERS_ONLY),
    "uk": PageTexts("Ім’я", "Дата", "Відповіді", "Джерела", _NUMBERS_ONLY),
    "ur": PageTexts("نام", "تاریخ", "جوابات", "ماخذ", _NUMBERS_ONLY),
    "zh": PageTexts("姓名", "日期", "答案", "来源", _NUMBERS_ONLY),
}


def page_texts_in(language: str) -> PageTexts:
    """Return the texts in a language, or in English if we have no translation. language: a BCP 47 tag."""
    return _TRANSLATIONS.get(language.lower().partition("-")[0], ENGLISH)


def can_show(texts: PageTexts, missing: Collection[str]) -> bool:
    """Tell whether the fonts can show the texts. missing: the grapheme clusters that they cannot show."""
    return not any(cluster in missing for cluster in grapheme_clusters(texts.joined))
