"""The few words on pages of running text that are ours and not the author's, in the deck's language."""

from collections.abc import Collection
from dataclasses import astuple, dataclass

from cardwright.formats.pdf.words import clusters


@dataclass(frozen=True, slots=True)
class Labels:
    """page: with `{n}` and `{m}` in the places of the page's number and the number of pages."""

    name: str
    date: str
    answers: str
    sources: str
    page: str

    @property
    def text(self) -> str:
        return "".join(astuple(self))


ENGLISH = Labels("Name", "Date", "Answers", "Sources", "page {n} of {m}")
# Without a word for it, `3 / 12` is understood everywhere.
_SHORT = "{n} / {m}"
_LABELS = {
    "en": ENGLISH,
    "ar": Labels("الاسم", "التاريخ", "الإجابات", "المصادر", _SHORT),
    "cs": Labels("Jméno", "Datum", "Odpovědi", "Zdroje", "strana {n} z {m}"),
    "da": Labels("Navn", "Dato", "Svar", "Kilder", "side {n} af {m}"),
    "de": Labels("Name", "Datum", "Antworten", "Quellen", "Seite {n} von {m}"),
    "el": Labels("Όνομα", "Ημερομηνία", "Απαντήσεις", "Πηγές", "σελίδα {n} από {m}"),
    "es": Labels("Nombre", "Fecha", "Respuestas", "Fuentes", "página {n} de {m}"),
    "fa": Labels("نام", "تاریخ", "پاسخ‌ها", "منابع", _SHORT),
    "fi": Labels("Nimi", "Päivämäärä", "Vastaukset", "Lähteet", _SHORT),
    "fr": Labels("Nom", "Date", "Réponses", "Sources", "page {n} sur {m}"),
    "he": Labels("שם", "תאריך", "תשובות", "מקורות", _SHORT),
    "it": Labels("Nome", "Data", "Risposte", "Fonti", "pagina {n} di {m}"),
    "ja": Labels("名前", "日付", "解答", "出典", _SHORT),
    "ko": Labels("이름", "날짜", "정답", "출처", _SHORT),
    "nb": Labels("Navn", "Dato", "Svar", "Kilder", "side {n} av {m}"),
    "nl": Labels("Naam", "Datum", "Antwoorden", "Bronnen", "pagina {n} van {m}"),
    "pl": Labels("Imię i nazwisko", "Data", "Odpowiedzi", "Źródła", "strona {n} z {m}"),
    "pt": Labels("Nome", "Data", "Respostas", "Fontes", "página {n} de {m}"),
    "ru": Labels("Имя", "Дата", "Ответы", "Источники", _SHORT),
    "sv": Labels("Namn", "Datum", "Svar", "Källor", "sida {n} av {m}"),
    "tr": Labels("Ad", "Tarih", "Cevaplar", "Kaynaklar", _SHORT),
    "uk": Labels("Ім’я", "Дата", "Відповіді", "Джерела", _SHORT),
    "ur": Labels("نام", "تاریخ", "جوابات", "ماخذ", _SHORT),
    "zh": Labels("姓名", "日期", "答案", "来源", _SHORT),
}


def labels(language: str) -> Labels:
    """The words for a language; English ones for those that we do not speak. language: BCP 47."""
    return _LABELS.get(language.lower().partition("-")[0], ENGLISH)


def are_shown(words: Labels, absent: Collection[str]) -> bool:
    """Whether the fonts can show them. absent: the character clusters that they cannot."""
    return not any(cluster in absent for cluster in clusters(words.text))
