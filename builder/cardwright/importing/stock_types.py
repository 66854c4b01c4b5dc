"""The names of Anki's own note types that are more than question and answer, in the languages of Anki.

A collection has them in the language that Anki had when it was made.

Source: Anki 26.09.3, ftl/core/notetypes.ftl and its translations.
"""

# Names are divided by semicolons, and some are of several languages.
_NAMES = {
    "reverse": """
        Alap (mindkét irányban); Bas (och omvänt kort); Basic (and reversed card);
        Basiese (en omgekeerde kaart); Basilare (e carta inversa); Basis (en omgekeerde kaart);
        Baza (en ambaŭ direktoj); Bunúsach (le malairt an chárta); Bàsica (i targeta inversa);
        Básica (e tarxeta invertida); Básico (e cartão invertido); Básico (e ficha invertida);
        Básico (y tarjeta invertida); Cơ bản (với thẻ ngược); De bază (și cu card întors);
        Einfach (und die umgekehrte Richtung); Generalitats (dos senses); Grundlæggende (og kort baglæns);
        Généralités (deux sens); Oddiy (va teskari karta); Oinarrizko (eta alderantzizko karta);
        Osnovna (i obratna kartica); Osnovna (in obrnjena kartica); Perusmalli (ja käänteinen kortti);
        Podstawowy (z odwrotną kartą); Temel (ve ters kart); Základní (plus obrácená karta);
        Základný (plus obrátená karta); Βασική (και αντεστραμμένη κάρτα); Базавая (з адваротнай карткай);
        Базовий (зі зворотною карткою); Основна (и обратне карте); Основна (и обърната карта);
        Простая (с обратной карточкой); Қарапайым (және кері карта); Հիմնական (+ հետադարձ քարտերը);
        בסיסי (וכרטיס הופכי); עיקרדיק (און פֿאַרקערט קאַרטל); أساسي (وبطاقة معكوسة);
        ئاساسى (ئۆرۈلىدىغان كارتا); ମୌଳିକ (ଏବଂ ଓଲଟା ପତ୍ର); พื้นฐาน (และการ์ดแบบกลับด้าน);
        基本 (表面と裏面を反転したカードも作成); 基本型（含反向卡片）; 问答题（附翻转卡片）
        """,
    "optional reverse": """
        Alap (egyik vagy mindkét irányban); Bas (valbart omvänt kort); Basic (optional reversed card);
        Basiese (opsioneel omgekeerde kaart); Basilare (carta inversa opzionale);
        Basique (carte inversée optionnelle); Basis (omgekeerde kaart optioneel);
        Baza (en unu aŭ ambaŭ direktoj); Bunúsach (le malairt an chárta mar rogha);
        Bàsica (targeta inversa opcional); Básica (tarxeta invertida opcional);
        Básico (cartão invertido opcional); Básico (ficha invertida opcional);
        Básico (tarjeta invertida opcional); Cơ bản (thẻ ngược tùy chọn);
        De bază (opțional cu card întors); Einfach (und wahlweise die umgekehrte Richtung);
        Generalitats (convèrsa facultativa); Grundlæggende (valgfrit med kort baglæns);
        Oddiy (va ixtiyoriy teskari karta); Oinarrizko( aukerako alderantzizko karta);
        Osnovna (in izbirno obrnjena kartica); Osnovna (obratna kartica po volji);
        Perusmalli (valinnainen käänteinen kortti); Podstawowy (z opcjonalną odwrotną kartą);
        Temel (seçimli ters kart); Základní (plus volitelná obrácená karta);
        Základný (plus voliteľná obrátená karta); Βασική (κατ'επιλογή αντεστραμμένη κάρτα);
        Базавая (з неабавязковай адваротнай карткай); Базовий (з необов'язковою зворотною карткою);
        Основна (+ обърната карта по избор); Основна (обратне по избору); Простая (с обратной по выбору);
        Қарапайым (қосымша кері карта); Հիմնական (հետադարձը ըստ ընտրության); בסיסי (כרטיס הופכי אופציונלי);
        עיקרדיק (ברירהדיק פֿאַרקערט קאַרטל); أساسي (وبطاقة معكوسة اختيارية);
        ئاساسى (تاللاشچان ئۆرۈلىدىغان كارتا); ମୌଳିକ (ବୈକଲ୍ପିକ ଓଲଟା ପତ୍ର); 基本 (任意で反転カードを作成);
        基本型（選擇性反向卡片）; 问答题（可选附翻转卡片）
        """,
    "typed": """
        Alap (írd be a választ); Bas (skriv in svaret); Basic (type in the answer);
        Basic (πληκτρολόγηση απάντησης); Basilare (digita la risposta); Basique (saisissez la réponse);
        Basisch (typ het antwoord in); Baza (enigi la respondon); Bunúsach (clóscríobh an freagra);
        Bàsica (escriure la resposta); Básica (escribe a resposta); Básico (digite a resposta);
        Básico (teclear la respuesta); Cơ bản (nhập câu trả lời); De bază(tastați răspunsul);
        Einfach (Antwort eintippen); Grundlæggende (skriv ind svaret); Oddiy (javobni kiritish);
        Osnovna (upisivanje odgovora); Osnovna (vnesi odgovor); Perusmalli (kirjoita vastaus);
        Podstawowy (wpisywanie odpowiedzi); Základní (napsat odpověď);
        sampu je cu nitcu lo nu do samci'a lo te spuda; Базавая (напісанне адказу);
        Базовий (з вдрукуванням відповіді); Простая (с вводом ответа); Қарапайым (жауапты теру);
        Հիմնական (մուտքագրեք պատասխանը); בסיסי (הקלד את התשובה); עיקרדיק (אַרײַנקלאַפּן די ענטפֿער);
        أساسي (مع كتابة الجواب); ئاساسىي (جاۋاب كىرگۈزىدىغان); ମୌଳିକ (ଉତ୍ତର ଟାଇପ୍ କରନ୍ତୁ);
        พื้นฐาน (พิมพ์ตอบ); 基本 (解答を入力); 基本型（輸入答案）; 问答题（输入答案）
        """,
}
OPTIONAL_REVERSE = "optional reverse"
"""The third field of such a note says whether it has a card in the other direction."""

_MANNERS = {" ".join(name.split()): manner for manner, names in _NAMES.items() for name in names.split(";")}


def stock_manner(name: str) -> str:
    """Return how notes of one of Anki's note types are asked: `reverse`, `typed` or `OPTIONAL_REVERSE`.

    Returns an empty text for any other name. Anki ends the name of a second note type with `+`.
    """
    return _MANNERS.get(" ".join(name.split()).rstrip("+"), "")
