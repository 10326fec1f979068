"""Other languages are told from English where that is plain, and never where it is not."""

import pytest

from app.paths import resource
from app.runtime.languages import language_of, other_language

OTHERS = {
    "German": ["ein Hund am Strand", "Kinder spielen im Schnee", "eine Frau in einem roten Kleid"],
    "French": ["un chien sur la plage", "des enfants jouent dans la neige", "un homme à vélo dans la rue"],
    "Spanish": ["un perro en la playa", "niños jugando en la nieve", "una mujer con vestido rojo"],
    "Italian": ["un cane sulla spiaggia", "bambini che giocano nella neve", "tramonto sul mare"],
    "Portuguese": ["um cachorro na praia", "crianças brincando na neve", "uma mulher de vestido vermelho"],
    "Dutch": ["een hond op het strand", "kinderen spelen in de sneeuw", "een vrouw in een rode jurk"],
    "Swedish": ["barn leker i snön", "en kvinna i röd klänning"],
    "Polish": ["pies biegnie po plaży", "dzieci bawią się w śniegu", "kobieta w czerwonej sukience tańczy"],
    "Finnish": ["koira juoksee rannalla pallon perässä", "lapset leikkivät lumessa talon edessä"],
    "Hungarian": ["egy kutya fut a tengerparton", "gyerekek játszanak a hóban"],
    "Turkish": ["plajda bir köpek", "çocuklar karda top oynuyor"],
    "Vietnamese": ["một con chó trên bãi biển"],
    "Czech": ["děti si hrají ve sněhu"],
    "Romanian": ["un câine pe plajă"],
    "Indonesian": ["anak-anak bermain di salju"],
}

ENGLISH = """a dog; two dogs; paella; sushi; karaoke; fjord; kindergarten; pizza margherita; café
crème brûlée
déjà vu; façade; jalapeño; piñata; rio de janeiro; buenos aires; san francisco; los angeles; las vegas
la tour eiffel; notre dame de paris; mont saint michel; tour de france; the tour de france in the alps
grand prix de monaco; cirque du soleil show; oktoberfest in munich; cinco de mayo
Anna Müller; José; Jürgen Klopp scores a goal; Cristiano Ronaldo; Angela Merkel; Vincent van Gogh; Zoë
Lena Meyer Landrut sings; a geisha applies makeup; girl wears feather boa and kimono; skateboarder at night
a snowboarder in midair; woman is making lasagna; kid practicing karate move; man holding harness waterskiing
amusement park; a ski resort; rottweiler running; flamenco dancers on a plaza; mariachi band; salsa night
sunset; birthday; die hard; war; hat; rock; gold; arm; hand; sommer house; panda; koala; gondola in venice
GOPR0123; 4k; IMG 2041; a b c; 1 2 3; xyz qqq zzz; lol omg wtf; DJ at a rave; BMX; tai chi; yoga at dawn"""


@pytest.mark.parametrize(("language", "text"), [(name, text) for name in OTHERS for text in OTHERS[name]])
def test_a_sentence_in_another_language_is_told(language: str, text: str) -> None:
    assert other_language(text) in {language, *_NEIGHBOURS.get(language, ())}


_NEIGHBOURS = {
    "Swedish": {"Norwegian", "Danish"},
    "Czech": {"Slovak"},
    "Portuguese": {"Galician"},
}
"""What is not told apart with so few words, and need not be."""


@pytest.mark.parametrize("text", [text.strip() for text in ENGLISH.replace("\n", ";").split(";")])
def test_english_names_and_loans_are_left_alone(text: str) -> None:
    assert other_language(text) == ""


def test_typical_queries_are_left_alone() -> None:
    lines = resource("query_bank.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if other_language(line)]


@pytest.mark.parametrize("text", ["", " ", "🐕 🏖️ 🌅 🎂", "\ud800 \ud800 \ud800 x", "a" * 2000, "ß " * 900])
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(other_language(text), str)


LETTERS = {
    "Москва зимой": "ru",
    "діти на вулиці з трамваями": "uk",
    "дзяўчынка чытае": "be",
    "девојка чита књигу": "sr",
    "القطة نائمة على الأريكة": "ar",
    "گربه روی مبل": "fa",
    "بلی کھڑکی میں بیٹھی ہے": "ur",
    "ילדה קוראת ספר": "he",
    "बिल्ली सो रही है": "hi",
    "แมวนอนหลับ": "th",
    "ένα καράβι": "el",
    "一只狗": "zh",
    "東京の桜": "ja",
    "サッカー": "ja",
    "서울의 밤": "ko",
    "ახალი სახლი": "ka",
    "ein Hund am Strand": "de",
    "des enfants jouent dans la neige": "fr",
}
ALL = frozenset({"en", *LETTERS.values()})


@pytest.mark.parametrize(("text", "code"), LETTERS.items())
def test_letters_and_words_tell_a_language_that_is_known(text: str, code: str) -> None:
    assert language_of(text, ALL) == code


@pytest.mark.parametrize(
    "text", ["", "🎸", "a dog", "un chat", "123", "\ud800 x", "die hard", "2 собак dogs run"]
)
def test_in_doubt_a_text_is_english(text: str) -> None:
    assert language_of(text, ALL) == "en"


def test_a_language_that_is_not_known_is_taken_for_english_or_the_first_known_one() -> None:
    assert language_of("Москва зимой", ["de", "en"]) == "en"
    assert language_of("Москва зимой", ["de", "fr"]) == "de"
