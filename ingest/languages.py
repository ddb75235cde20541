"""Names of languages as files, containers and metadata write them -> the two letters of ISO 639-1."""

from __future__ import annotations

_ROWS = """
ar ara arabic
bg bul bulgarian
bn ben bengali
bs bos bosnian
ca cat catalan
cs cze ces czech cesky
da dan danish dansk
de ger deu german deutsch
el gre ell greek
en eng english
es spa spanish español espanol castellano castilian
et est estonian
eu baq eus basque
fa per fas persian farsi
fi fin finnish suomi
fr fre fra french français francais
gl glg galician
he heb hebrew
hi hin hindi
hr hrv croatian hrvatski
hu hun hungarian magyar
id ind indonesian
is ice isl icelandic
it ita italian italiano
ja jpn japanese
ka geo kat georgian
ko kor korean
la lat latin
lt lit lithuanian
lv lav latvian
mk mac mkd macedonian
ml mal malayalam
ms may msa malay
nl dut nld dutch nederlands flemish
no nor nob nno nb nn norwegian norsk
pl pol polish polski
pt por portuguese português portugues brazilian pob ptbr
ro rum ron romanian română
ru rus russian
sk slo slk slovak
sl slv slovenian
sq alb sqi albanian
sr srp serbian
sv swe swedish svenska
ta tam tamil
te tel telugu
th tha thai
tr tur turkish türkçe
uk ukr ukrainian
ur urd urdu
vi vie vietnamese
yue cantonese
zh chi zho chinese mandarin cmn chs cht
"""
_CODES = {word: row.split()[0] for row in _ROWS.strip().splitlines() for word in row.split()}


def language_code(name: str) -> str:
    """Two letters of a language written as code (en, eng, en-US) or name (English); "" if it is none of ours."""
    word = name.strip().casefold().replace("_", "-")
    return _CODES.get(word) or _CODES.get(word.partition("-")[0], "")
