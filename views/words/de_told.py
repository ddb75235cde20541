"""German for sentences that are built from data (`told`): English template -> its translation."""

from __future__ import annotations

PARTS = {
    "{} and {}": "{} und {}",
    "{} or {}": "{} oder {}",
    "{}, as in {}": "{}, wie in {}",
    "{}, as {} is": "{}, wie {}",
    "both {}": "beide {}",
    "unknown": "unbekannt",
    "1 year": "1 Jahr",
    "{} years": "{} Jahre",
    "{} after {}": "{} nach {}",
    "{} before {}": "{} vor {}",
}
AMOUNTS = {
    "tempo": "Tempo",
    "beat regularity": "Regelmäßigkeit des Takts",
    "{:.0f} BPM": "{:.0f} BPM",
}
NEEDS = {
    "{} job waits, and no worker is running. Start `filmscore worker`.": (
        "{} Auftrag wartet, und nichts arbeitet. Starte `filmscore worker`."
    ),
    "{} jobs wait, and no worker is running. Start `filmscore worker`.": (
        "{} Aufträge warten, und nichts arbeitet. Starte `filmscore worker`."
    ),
    "{} job failed. Read why, and try again.": (
        "{} Auftrag ist gescheitert. Lies den Grund und versuche es noch einmal."
    ),
    "{} jobs failed. Read why, and try again.": (
        "{} Aufträge sind gescheitert. Lies die Gründe und versuche es noch einmal."
    ),
    "The disk has {:.1f} GB left. Delete old backups or uploads.": (
        "Auf der Platte sind noch {:.1f} GB frei. Lösche alte Sicherungen oder hochgeladene Dateien."
    ),
    "The last backup is {} days old. Back up now.": "Die letzte Sicherung ist {} Tage alt. Sichere jetzt.",
    "No backup was made yet. Back up now.": "Es gibt noch keine Sicherung. Sichere jetzt.",
    "No film is here yet. Add the first ones.": "Hier ist noch kein Film. Füge die ersten hinzu.",
    "{:,} of {:,} films were not analysed yet. Add their files.": (
        "{:,} von {:,} Filmen sind noch nicht analysiert. Füge ihre Dateien hinzu."
    ),
}
REASONS = {
    "Like {}: {}.": "Wie {}: {}.",
    "music of another kind than {}'s": "andere Musik als in {}",
    "a mixture of music near {}'s": "eine ähnliche Mischung von Musik wie in {}",
    "sounds like {}": "klingt wie {}",
    "sounds unlike {}": "klingt anders als {}",
    "mostly {}": "meist {}",
    "led by {}": "vor allem {}",
    "low-energy": "ruhig",
    "medium-energy": "mäßig kraftvoll",
    "high-energy": "kraftvoll",
    "dark in mood": "düster gestimmt",
    "neutral in mood": "neutral gestimmt",
    "bright in mood": "heiter gestimmt",
    "hardly danceable": "kaum tanzbar",
    "fairly danceable": "ziemlich tanzbar",
    "danceable": "tanzbar",
    "another genre: {}": "ein anderes Genre: {}",
    "of another genre": "ein anderes Genre",
    "other people": "andere Beteiligte",
    "same director: {}": "dieselbe Regie: {}",
    "same series or title: {}": "dieselbe Reihe oder derselbe Titel: {}",
    "with {}": "mit {}",
    "both scored by {}": "beide mit Musik von {}",
    "also of {}": "auch von {}",
    "places near each other": "benachbarte Orte",
    "from elsewhere": "von anderswo",
    "from {}": "aus {}",
    "made at {}": "gedreht in {}",
    "of an unknown year": "aus einem unbekannten Jahr",
    "{}s {}": "{1} der {0}er",
    "from the {}s": "aus den {}ern",
    "with music that is {}": "mit Musik, die {} ist",
    "also directed by {}": "wieder von {}",
    "talk of {}": "sprechen über {}",
    "received in an unknown way": "ohne bekannte Bewertung",
    "Metascore {}": "Metascore {}",
    "rated {:.1f}": "bewertet mit {:.1f}",
    "rated {:.1f}, like {}": "bewertet mit {:.1f}, wie {}",
    "rated {:.1f} ({}: {:.1f})": "bewertet mit {:.1f} ({}: {:.1f})",
    "rated {:.1f} by {:,} people": "von {1:,} Menschen mit {0:.1f} bewertet",
    "unrated: counted as average": "nicht bewertet: zählt als Durchschnitt",
    "looks like {}": "sieht aus wie {}",
    "looks unlike {}": "sieht anders aus als {}",
    "colours and light near {}'s": "Farben und Licht ähnlich wie in {}",
    "black-and-white": "schwarz-weiß",
    "dark": "dunkel",
    "bright": "hell",
    "slow-cut": "langsam geschnitten",
    "fast-cut": "schnell geschnitten",
    "pale": "blass",
    "full of colour": "farbenreich",
    "warm in colour": "in warmen Farben",
    "cold in colour": "in kalten Farben",
    "faces like {}'s": "Gesichter wie in {}",
    "faces unlike {}'s": "andere Gesichter als in {}",
    "faces in {:.0f} % of the frames": "Gesichter in {:.0f} % der Bilder",
    "faces in {:.0f} % and {:.0f} % of the frames": "Gesichter in {:.0f} % und {:.0f} % der Bilder",
    "few faces": "wenige Gesichter",
    "faces nearly always": "fast immer Gesichter",
    "many close-ups": "viele Nahaufnahmen",
    "much laughter in the faces": "viel Lachen in den Gesichtern",
    "much sadness in the faces": "viel Trauer in den Gesichtern",
    "much anger in the faces": "viel Zorn in den Gesichtern",
    "much fear in the faces": "viel Angst in den Gesichtern",
    "much surprise in the faces": "viel Staunen in den Gesichtern",
    "talks like {}": "spricht wie {}",
    "talks unlike {}": "spricht anders als {}",
    "talk of the same things: {}": "sprechen über dasselbe: {}",
    "{} films: {:.0f} % dialogue": "{}: {:.0f} % Dialog",
    "as much said, and in the same way: {:.0f} % dialogue": "ebenso viel gesagt, auf dieselbe Art: {:.0f} % Dialog",
    "quiet": "wortkarg",
    "talkative": "gesprächig",
    "full of questions": "voller Fragen",
    "loud in words": "laut in Worten",
    "dark in words": "düster in Worten",
    "bright in words": "heiter in Worten",
    "a plot like {}'s": "eine Handlung wie in {}",
    "a plot like {}'s: {}": "eine Handlung wie in {}: {}",
    "a plot unlike {}'s": "eine ganz andere Handlung als in {}",
    "another plot than {}'s": "eine andere Handlung als in {}",
    "has something of {}": "hat etwas von {}",
    "little of {}": "wenig von {}",
    "near {} in {}": "nahe an {}: {}",
    "far from {} in {}": "weit weg von {}: {}",
    "by the same director": "von derselben Regie",
    "by another director": "von einer anderen Regie",
    "more {}": "mehr {}",
    "less {}": "weniger {}",
    "{}: unknown for this film": "{}: für diesen Film unbekannt",
    "{}: {} (all films: {})": "{}: {} (alle Filme: {})",
    "{}: on average {} instead of {}": "{}: im Mittel {} statt {}",
    "{}: on average {}, as before": "{}: im Mittel {}, wie zuvor",
    "{}: {:.0f} % of the films instead of {:.0f} %": "{}: {:.0f} % der Filme statt {:.0f} %",
    "not rated": "nicht bewertet",
    "{}, and unlike the answers: the most similar of them is {}, at {:.2f}": (
        "{} und anders als die Vorschläge: Am ähnlichsten ist {} mit {:.2f}"
    ),
}
FILM_GENRES = {
    "film": "Film",
    "action": "Action",
    "adventure": "Abenteuer",
    "animation": "Animation",
    "biography": "Biografie",
    "children": "Kinderfilm",
    "comedy": "Komödie",
    "crime": "Krimi",
    "documentary": "Dokumentarfilm",
    "drama": "Drama",
    "family": "Familienfilm",
    "fantasy": "Fantasy",
    "film-noir": "Film noir",
    "history": "Historie",
    "horror": "Horror",
    "musical": "Musical",
    "mystery": "Mystery",
    "romance": "Liebesfilm",
    "sci-fi": "Science-Fiction",
    "sport": "Sport",
    "thriller": "Thriller",
    "war": "Kriegsfilm",
    "western": "Western",
}
"""Film genres within a sentence; another one stays as it is."""
NOTICES = {
    "{}: {} of {} rated titles are in the catalogue.": "{}: {} von {} bewerteten Titeln sind im Katalog.",
    "{} more are known titles: they count for your taste.": (
        "{} weitere sind bekannte Titel: Sie zählen für deinen Geschmack."
    ),
    "Not in the catalogue: {}.": "Nicht im Katalog: {}.",
    "Rows left out as series, episodes or games: {}.": "Als Serien, Folgen oder Spiele weggelassene Zeilen: {}.",
    "Columns that are not used ({}): {}.": "Nicht verwendete Spalten ({}): {}.",
    "No music was found or heard in this film: it is compared by what is known of it.": (
        "In diesem Film wurde keine Musik gefunden oder gehört: Verglichen wird, was über ihn bekannt ist."
    ),
    "We haven't heard these films yet, so matches use cast, genre and year.": (
        "Diese Filme haben wir noch nicht gehört; verglichen werden Besetzung, Genre und Jahr."
    ),
    "More and less need at least one liked film; they are ignored.": (
        "Mehr und weniger brauchen mindestens einen Lieblingsfilm; sie zählen hier nicht."
    ),
    "No film is left: all of them are liked, disliked, seen, or share nothing with the liked.": (
        "Kein Film bleibt übrig: Alle sind schon genannt oder gesehen, oder sie haben mit den genannten nichts gemein."
    ),
    "No film passes {}. Take it away or change it.": "Kein Film erfüllt {}. Entferne oder ändere es.",
    "No film passes {} together.": "Kein Film erfüllt {} zugleich.",
    "No film passes {} together. Without {} there are some.": "Kein Film erfüllt {} zugleich. Ohne {} gibt es welche.",
    "{} {}: nothing of this name is known of any film here; it is left out.": (
        "{} {}: Davon ist hier bei keinem Film etwas bekannt; es zählt nicht."
    ),
    "{} {}: the same for all films here; it changes nothing.": "{} {}: für alle Filme gleich; es ändert nichts.",
    "{}: not among the known titles, so left out. Load IMDb's files with `filmscore imdb load`.": (
        "{}: nicht unter den bekannten Titeln, deshalb weggelassen. Lade IMDbs Dateien mit `filmscore imdb load`."
    ),
    "1 film of unknown length left out.": "1 Film unbekannter Länge ist weggelassen.",
    "{} films of unknown length left out.": "{} Filme unbekannter Länge sind weggelassen.",
    "No film is left for all of these people. Name fewer seen films.": (
        "Für alle zusammen bleibt kein Film. Nenne weniger gesehene Filme."
    ),
    "No film is left for all of these people. Raise the time limit, or name fewer seen films.": (
        "Für alle zusammen bleibt kein Film. Erhöhe die Länge, oder nenne weniger gesehene Filme."
    ),
    "One film of this link is no longer in the catalogue.": ("Ein Film dieses Links ist nicht mehr im Katalog."),
    "{}: its file is still there, or {} has none. Look for duplicates again.": (
        "{}: Die Datei ist noch da, oder {} hat keine. Noch einmal nach Doppelten suchen."
    ),
    "{} films of this link are left out: it may have {} of a kind.": (
        "{} Filme dieses Links sind weggelassen: Von jeder Art darf er {} haben."
    ),
    "{} films of this link are no longer in the catalogue.": "{} Filme dieses Links sind nicht mehr im Katalog.",
}
FINDINGS = {
    "{} music": "Musik des Genres {}",
    "sound other than these": "anderen Klang",
    "No two attributes go together beyond chance.": "Keine zwei Merkmale hängen mehr als zufällig zusammen.",
    "What goes together most (rho): {}.": "Was am meisten zusammenhängt (rho): {}.",
    "{} and {} {:+.2f} [{:+.2f}, {:+.2f}]": "{} und {} {:+.2f} [{:+.2f}; {:+.2f}]",
    "{}, films differ most in {}; this axis carries {:.0f} % of the variance.": (
        "{} unterscheiden sich die Filme am meisten in {}; diese Achse trägt {:.0f} % der Varianz."
    ),
    "{}'s films have more {} than {}'s": "Die Filme von {} haben mehr {} als die von {}",
    "{}'s films have less {} than {}'s": "Die Filme von {} haben weniger {} als die von {}",
    "{}: {:.0f} % against {:.0f} %, difference {:+.0f} points ({} and {} films).": (
        "{}: {:.0f} % gegen {:.0f} %, Unterschied {:+.0f} Punkte ({} und {} Filme)."
    ),
    "{}: {:.0f} % against {:.0f} %, difference {:+.0f} points [{:+.0f}, {:+.0f}] ({} and {} films).": (
        "{}: {:.0f} % gegen {:.0f} %, Unterschied {:+.0f} Punkte [{:+.0f}; {:+.0f}] ({} und {} Filme)."
    ),
    "{} of {} films lie in their own director's region, of {} regions.": (
        "{} von {} Filmen liegen im Gebiet ihrer eigenen Regie, von {} Gebieten."
    ),
    "{} directors are separated by {}; by chance {:.0f} %.": (
        "{} Regisseure werden unterschieden durch {}; durch Zufall {:.0f} %."
    ),
    "From {}, {} of {} films are given to their own director": (
        "Quelle {}: {} von {} Filmen sind der eigenen Regie zugeordnet"
    ),
    "{}; most often, films of {} are given to {} ({} of {}).": (
        "{}; am häufigsten werden Filme von {} für solche von {} gehalten ({} von {})."
    ),
    "{} has {} than {}: {} against {}.": "{} hat {} als {}: {} gegen {}.",
    "{} has {} than {}: {} against {}, difference {:+.0f} [{:+.0f}, {:+.0f}].": (
        "{} hat {} als {}: {} gegen {}, Unterschied {:+.0f} [{:+.0f}; {:+.0f}]."
    ),
    "{} has {} than {}: {} against {}, difference {:+.2f} [{:+.2f}, {:+.2f}].": (
        "{} hat {} als {}: {} gegen {}, Unterschied {:+.2f} [{:+.2f}; {:+.2f}]."
    ),
    "more music": "mehr Musik",
    "less music": "weniger Musik",
    "more speech": "mehr Sprache",
    "less speech": "weniger Sprache",
    "faster music": "schnellere Musik",
    "slower music": "langsamere Musik",
    "more energetic music": "kraftvollere Musik",
    "calmer music": "ruhigere Musik",
    "brighter music": "heiterere Musik",
    "darker music": "düsterere Musik",
    "more danceable music": "tanzbarere Musik",
    "less danceable music": "weniger tanzbare Musik",
    "more acoustic music": "akustischere Musik",
    "less acoustic music": "weniger akustische Musik",
    "more instrumental music": "instrumentalere Musik",
    "less instrumental music": "weniger instrumentale Musik",
    "more {} music": "mehr Musik des Genres {}",
    "less {} music": "weniger Musik des Genres {}",
    " of 1": " von 1",
    " of 2": " von 2",
    "{} in the music": "{} in der Musik",
    "from the {}": "aus den {}",
    "by {}": "von {}",
    "{} {:.2f} (0 to 2), others {:.2f}": "{} {:.2f} (0 bis 2), andere {:.2f}",
    "{} {:.0f} %, others {:.0f} %": "{} {:.0f} %, andere {:.0f} %",
    "{} as {}": "{} als {}",
    "Read: {}.": "Verstanden: {}.",
    "Not understood, and left out: {}.": "Nicht verstanden und weggelassen: {}.",
    "No scene here has: {}.": "Keine Szene hier hat: {}.",
    "No film with music was analysed yet.": "Noch kein Film mit Musik ist analysiert.",
    "metadata": "Metadaten",
    "both": "Musik und Metadaten",
    "dialogue": "Dialog",
    "picture": "Bild",
    "faces": "Gesichter",
    "all": "alles zusammen",
}
