"""The names that people give to the columns of tables, in many languages, and what each column fills."""

import re
import unicodedata
from collections.abc import Sequence

# What a column may fill, besides the fields of a note type: keys of a card, the name of the note's type, and
# the columns of Anki's exports. `-` is a column that is left out on purpose.
LEFT_OUT = "-"
TEXT_KEYS = ("q", "a", "cloze", "extra", "hint")
FLAG_KEYS = ("reverse", "typed")
ROW_KEYS = ("tags", "deck", "id", "guid", "notetype")
COLUMN_KEYS = (*TEXT_KEYS, *FLAG_KEYS, *ROW_KEYS)

# English, German, French, Spanish, Portuguese, Italian, Dutch, Swedish, Danish, Norwegian, Polish, Czech,
# Slovak, Hungarian, Romanian, Turkish, Russian, Ukrainian, Greek, Japanese, Chinese, Korean.
_NAMES = {
    "q": """
        q question questions front term word prompt expression vocabulary text; frage vorderseite begriff wort
        vokabel ausdruck text; recto avant mot terme expression; pregunta anverso frente término palabra;
        pergunta termo palavra; domanda fronte termine parola; vraag voorkant woord; fråga framsida ord;
        spørgsmål forside; spørsmål; pytanie przód pojęcie słowo awers; otázka líc pojem slovo; kérdés előlap
        szó; întrebare față cuvânt; soru ön kelime; вопрос слово термин лицо перед; питання запитання слово;
        ερώτηση λέξη; 質問 問題 表 表面 単語 問; 问题 問題 正面 单词 單字 單詞 词语 詞語; 질문 앞면 단어 문제
        """,
    "a": """
        a answer answers back definition meaning translation response; antwort rückseite bedeutung übersetzung
        definition; réponse verso définition traduction signification sens; respuesta reverso dorso definición
        traducción significado; resposta definição tradução; risposta retro definizione traduzione; antwoord
        achterkant betekenis vertaling definitie; svar baksida betydelse översättning; bagside betydning
        oversættelse; bakside oversettelse; odpowiedź tył tłumaczenie znaczenie definicja rewers; odpověď rub
        význam překlad; odpoveď preklad; válasz hátlap jelentés fordítás; răspuns spate traducere; cevap arka
        anlam çeviri; ответ оборот перевод значение определение; відповідь переклад значення; απάντηση
        μετάφραση; 答え 解答 裏 裏面 意味 答 訳; 答案 背面 反面 释义 釋義 意思 翻译 翻譯;
        답 정답 뒷면 뜻 의미 번역
        """,
    "cloze": """
        cloze; lückentext; lacune; hueco; lacuna; luka; пропуск; 穴埋め; 填空; 빈칸
        """,
    "extra": """
        extra note notes comment comments remark remarks explanation details info; anmerkung anmerkungen
        bemerkung bemerkungen notiz notizen erklärung kommentar zusatz; remarque remarques commentaire
        explication; nota notas comentario comentarios explicación; observações comentário explicação;
        note commento spiegazione; opmerking opmerkingen uitleg; kommentar anteckning förklaring; forklaring;
        uwagi notatka notatki komentarz objaśnienie; poznámka poznámky vysvětlení; megjegyzés; observații;
        açıklama notlar; примечание примечания комментарий пояснение; примітка коментар пояснення; σημειώσεις;
        備考 メモ 解説 補足; 备注 備註 注释 註釋 说明; 비고 메모 설명
        """,
    "hint": """
        hint hints clue; hinweis tipp; indice; pista; dica; suggerimento aiuto; hulp; ledtråd; ledetråd;
        wskazówka podpowiedź; nápověda; tipp súgó; indiciu; ipucu; подсказка; підказка; υπόδειξη; ヒント;
        提示; 힌트
        """,
    "tags": """
        tags tag labels keywords; schlagwörter schlagworte stichwörter stichworte; étiquettes; etiquetas
        etiqueta; marcadores; etichette etichetta; labels; etiketter taggar; tagi etykiety; štítky značky;
        címkék; etichete; etiketler; теги метки тэги; теги мітки; ετικέτες; タグ; 标签 標籤; 태그
        """,
    "deck": """
        deck decks subdeck; stapel; paquet; mazo; baralho; mazzo; stok; kortlek; talia; balíček; pakli;
        pachet; deste; колода; τράπουλα; デッキ; 牌组 牌組; 덱
        """,
    "id": """
        id; kennung
        """,
    "guid": """
        guid
        """,
    "notetype": """
        notetype note_type note-type; notiztyp; notitietype; ノートタイプ; 笔记类型; 노트유형
        """,
}
_KEYS_BY_NAME = {
    name.strip(";"): key for key, names in _NAMES.items() for name in reversed(names.split()) if name != ";"
}
# Which of several keys a name of more words is; those of Anki's own fields and headers are among them.
_KEYS_BY_NAME |= {
    "back extra": "extra", "add reverse": "reverse", "note type": "notetype", "sub deck": "deck",
    "přední strana": "q", "zadní strana": "a", "ön yüz": "q", "arka yüz": "a", "лицевая сторона": "q",
    "обратная сторона": "a", "type de note": "notetype", "tipo de nota": "notetype", "тип записи": "notetype",
    "mots clés": "tags", "mots-clés": "tags", "palavras chave": "tags", "palavras-chave": "tags",
    "palabras clave": "tags", "parole chiave": "tags", "à trous": "cloze", "texte à trous": "cloze",
}  # fmt: skip
# Further names of columns, one meaning a line; tables of words often have those of languages. They fill no
# key of their own, and tell that a row names columns.
_OTHER_NAMES = """
    number nr no num nummer número numéro numero n° № номер numer číslo 番号 序号
    date datum fecha data дата 日付 日期 날짜
    chapter kapitel chapitre capítulo capitolo hoofdstuk rozdział kapitola глава 章
    lesson unit lektion leçon lección lição lezione les lekcja lekce урок 課 课
    topic subject category thema fach kategorie sujet matière catégorie tema categoría assunto categoria
    example sentence beispiel beispielsatz satz exemple phrase ejemplo exemplo esempio przykład пример 例文
    picture image bild photo foto imagen imagem immagine afbeelding картинка изображение 画像 图片
    audio sound ton son sonido suono аудио 音声
    reading pronunciation pinyin kana furigana ipa aussprache prononciation pronunciación lesung 読み 拼音
    level difficulty niveau stufe nivel livello уровень 难度
    source quelle fuente fonte bron źródło источник 出典 来源
    gender article plural artikel geschlecht genre género genere
    english englisch anglais inglés inglês inglese engels engelska engelsk angielski английский 英語 英语
    german deutsch allemand alemán alemão tedesco duits tyska niemiecki немецкий ドイツ語 德语
    french französisch français francés francês francese frans franska francuski французский フランス語 法语
    spanish spanisch espagnol español espanhol spagnolo spaans spanska hiszpański スペイン語 西班牙语
    portuguese portugiesisch portugais portugués português portoghese portugees portugalski португальский
    italian italienisch italien italiano italiaans italienska włoski итальянский イタリア語 意大利语
    dutch niederländisch néerlandais neerlandés holandês olandese nederlands holländisch голландский
    latin latein latino latijn łacina латинский latina
    greek griechisch grec griego grego greco grieks ελληνικά греческий
    russian russisch russe ruso russo ryska rosyjski русский ロシア語 俄语
    polish polnisch polonais polaco polacco pools polski польский
    swedish schwedisch suédois sueco svedese zweeds svenska шведский
    danish dänisch danois danés dansk датский
    norwegian norwegisch norvégien noruego norsk норвежский
    finnish finnisch finnois finlandés suomi финский
    czech tschechisch tchèque checo čeština czeski чешский
    hungarian ungarisch hongrois húngaro magyar węgierski венгерский
    turkish türkisch turc turco türkçe турецкий
    ukrainian ukrainisch ukrainien ucraniano українська украинский
    arabic arabisch arabe árabe arabo арабский العربية
    hebrew hebräisch hébreu hebreo ebraico иврит עברית
    japanese japanisch japonais japonés japonês giapponese japans японский 日本語 日语
    chinese mandarin hanzi chinesisch chinois chino chinês cinese chinees китайский 中国語 中文 汉字 漢字
    korean koreanisch coréen coreano koreaans корейский 韓国語 韩语 한국어
    vietnamese vietnamesisch vietnamien vietnamita
    """
_OTHERS_BY_NAME = {
    name: names.split()[0] for names in _OTHER_NAMES.strip().splitlines() for name in names.split()
}
_LONGEST_NAME = 40
_AROUND = re.compile(r"[^\w]+|_+(?!\w)|(?<!\w)_+")


def key_of_name(name: str) -> str:
    """Return what a column of this name fills; empty if its name is unknown."""
    plain, words = _plain_words(name)
    return _KEYS_BY_NAME.get(words) or _KEYS_BY_NAME.get(plain, "")


def is_numbering(name: str) -> bool:
    """Return whether a column of this name may have the numbers of its rows."""
    return name.strip() == "#" or _OTHERS_BY_NAME.get(_plain_words(name)[1]) == "number"


def count_known_names(cells: Sequence[str]) -> int:
    """Return how many different columns a row names. Translations of a name count once."""
    return len({meaning for cell in cells if len(cell) < _LONGEST_NAME and (meaning := _meaning(cell))})


def _meaning(name: str) -> str:
    return key_of_name(name) or _OTHERS_BY_NAME.get(_plain_words(name)[1], "")


def _plain_words(name: str) -> tuple[str, str]:
    """Return a name in small letters, without what is in brackets; and its words alone."""
    plain = unicodedata.normalize("NFKC", name).casefold().split("(")[0].replace("_", " ")
    return plain.strip(" :*#-"), " ".join(part for part in _AROUND.split(plain) if part)
