"""Sentences for rendered films, written for this project; they name nobody."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        "The harbour was quiet when we came back, and nobody had lit the lamps.",
        "You should have told me before the train left.",
        "I counted the steps twice, and both times there was one too many.",
        "Close the window, the rain is coming in.",
        "Nobody has lived in that house since the winter of the long frost.",
        "If we leave now we can be over the border by morning.",
        "That is not what the letter said.",
        "Put the lantern down and listen for a moment.",
        "She kept every ticket, every map, every stone from every beach.",
        "How many of them are still waiting outside?",
        "I never learned to swim, but I always wanted to live by the sea.",
        "The clock in the hall has been wrong for years.",
        "Give me the keys, and then we can talk about the money.",
        "There is a second door behind the shelves.",
        "They paid for the whole field, not only for the well.",
        "Tomorrow the judge will ask you the same question.",
        "Somebody moved the chairs while we were asleep.",
        "It was the coldest summer that anyone could remember.",
        "Do you hear that? It comes from under the floor.",
        "We promised to write, and for a while we did.",
        "The bridge will hold one cart, but not two.",
        "Why would anyone paint a boat that colour?",
        "All right, then. Once more, from the beginning.",
        "He took the blame, and he took the silver as well.",
    ),
    "de": (
        "Der letzte Zug ist schon vor einer Stunde gefahren.",
        "Mach das Licht aus, sie sehen uns vom Ufer.",
        "Ich habe den Brief nie abgeschickt, er liegt noch in der Schublade.",
        "Wie lange willst du noch auf dieser Mauer sitzen?",
        "Im Keller steht ein Klavier, auf dem niemand spielt.",
        "Morgen reden wir weiter, heute ist es zu spät.",
        "Das Dorf hinter dem Hügel hat keinen Namen.",
        "Gib mir die Karte, ich kenne einen kürzeren Weg.",
    ),
    "fr": (
        "La porte du jardin était ouverte quand je suis rentrée.",
        "Tu ne comprends pas, ils ont vendu le bateau.",
        "Il neige depuis trois jours et personne n'est venu.",
        "Donne-moi une raison de rester, une seule.",
        "Le café de la gare ferme à minuit.",
        "Je me souviens de chaque marche de cet escalier.",
        "On dirait que la mer recule un peu plus chaque année.",
    ),
    "es": (
        "La carta llegó demasiado tarde, como siempre.",
        "No abras esa puerta hasta que vuelva.",
        "El río se llevó el puente y la mitad del camino.",
        "Todas las noches se oye la misma canción en el patio.",
        "Quiero saber quién pagó la cena.",
        "Aquí nadie pregunta de dónde vienes.",
        "Mañana salimos antes de que amanezca.",
    ),
    "it": (
        "La barca non torna prima di sera, te l'ho detto.",
        "Chi ha spostato il tavolo vicino alla finestra?",
        "In questa casa si parla piano dopo le dieci.",
        "Il mare era nero e noi ridevamo come bambini.",
        "Dammi il cappotto, fuori comincia a piovere.",
        "Non era una bugia, era solo metà della verità.",
    ),
}
"""Sentences by language: the first part of an espeak-ng voice's name."""


def sentences_for(voice: str) -> tuple[str, ...]:
    """The sentences for an espeak-ng voice ("en-us+f3" speaks English)."""
    language = voice.split("+")[0].split("-")[0]
    return SENTENCES.get(language, SENTENCES["en"])
