"""German: English text -> its translation, page by page. Text that is missing here stays English."""

from __future__ import annotations

from views.words import de_about, de_admin, de_errors, de_figures, de_library, de_study, de_told

MENU = {
    "Discover": "Entdecken",
    "Films": "Filme",
    "Film": "Film",
    "Sounds like": "Klingt wie",
    "Tonight": "Heute Abend",
    "Map": "Karte",
    "Lists": "Listen",
    "Compare": "Vergleichen",
    "Mining": "Auswertung",
    "Validity": "Prüfung",
    "Library": "Bibliothek",
    "By ear": "Nach Gehör",
    "Jobs": "Aufträge",
    "Models": "Modelle",
    "Data": "Daten",
    "How this works": "So funktioniert es",
    "Sign in": "Anmelden",
    "Sign out": "Abmelden",
}
SHARED = {
    "Undo": "Rückgängig",
    "Share": "Teilen",
    "Copy link": "Link kopieren",
    "Copied": "Kopiert",
    "QR code of this link": "QR-Code dieses Links",
    "Point a phone's camera at the code to open this page there.": (
        "Richte die Kamera eines Telefons auf den Code, um diese Seite dort zu öffnen."
    ),
    "This address works on this machine only. For phones, start it with `{}` and open it by this machine's name or "
    "number in your network.": (
        "Diese Adresse gilt nur auf diesem Rechner. Für Telefone starte mit `{}` und öffne filmscore mit dem Namen "
        "oder der Nummer dieses Rechners im Netz."
    ),
    "The link is too long for a code. Copy it instead.": "Der Link ist zu lang für einen Code. Kopiere ihn.",
    "Open": "Öffnen",
    "Download": "Herunterladen",
    "A click on a point opens its film.": "Ein Klick auf einen Punkt öffnet den Film.",
    "Figure as HTML": "Abbildung als HTML",
    "Data as CSV": "Daten als CSV",
    "Poster of {}": "Plakat von {}",
    "Open Jobs": "Aufträge öffnen",
    "Started. Follow it in Jobs.": "Gestartet. Der Stand steht unter Aufträge.",
    "This page is for those who look after the films. Sign in first.": (
        "Diese Seite ist für alle, die die Filme verwalten. Bitte zuerst anmelden."
    ),
    "Something went wrong on this page, and it is noted in the log. Reload the page; if it stays, run `{}` in a "
    "terminal.": (
        "Auf dieser Seite ist etwas schiefgegangen; es steht im Protokoll. Lade die Seite neu. Bleibt der Fehler, "
        "führe `{}` in einem Terminal aus."
    ),
    "Search a title": "Titel suchen",
    "Type part of a title or a director": "Ein Teil des Titels oder der Regie genügt",
    "Chosen films; press one to remove it": "Gewählte Filme; ein Druck entfernt einen",
    "{} titles found. Press one to choose it.": "{} Titel gefunden. Ein Druck wählt einen aus.",
    "No title here resembles this.": "Kein Titel hier ähnelt diesem.",
    "Type a title, a year or a director": "Titel, Jahr oder Regie eingeben",
    "See all": "Alle zeigen",
    "{}: films of the {}s": "{}: Filme der {}er Jahre",
    "Listen to {}, from {}": "{} anhören, ab {}",
    "Open it": "Öffnen",
    "No excerpt can be played. {}": "Kein Ausschnitt ist abspielbar. {}",
    "Click the timeline to listen from there.": "Ein Klick auf die Zeitleiste spielt ab dort.",
    "Keys: space plays and pauses, ← and → go to the scenes around.": (
        "Tasten: Leertaste spielt und hält an, ← und → gehen zu den Szenen davor und danach."
    ),
    "The key B plays two scenes one after the other; pressed again, it goes to the other one.": (
        "Die Taste B spielt zwei Szenen nacheinander; noch einmal gedrückt, wechselt sie zur anderen."
    ),
    "From {}": "Ab {}",
    "This scene cannot be played now. Wait a moment, then press play again.": (
        "Diese Szene lässt sich gerade nicht abspielen. Warte einen Moment und drücke noch einmal auf Abspielen."
    ),
    "This place cannot be played now. Wait a moment, then click again.": (
        "Diese Stelle ist gerade nicht abspielbar. Warte einen Moment und klicke noch einmal."
    ),
    "not analysed yet": "noch nicht analysiert",
    "no music found": "keine Musik gefunden",
    "An older catalogue is shown.": "Gezeigt wird ein älterer Katalog.",
}
HEARD = {
    "music": "Musik",
    "speech": "Sprache",
    "other": "Anderes",
    "genre": "Genre",
    "energy": "Energie",
    "valence": "Stimmung",
    "danceability": "Tanzbarkeit",
    "low": "niedrig",
    "medium": "mittel",
    "high": "hoch",
    "negative": "düster",
    "neutral": "neutral",
    "positive": "heiter",
    "blues": "Blues",
    "rock": "Rock",
    "pop": "Pop",
    "metal": "Metal",
    "jazz": "Jazz",
    "classical": "Klassik",
    "electronic": "Elektronik",
    "hiphop": "Hip-Hop",
    "country": "Country",
    "dance": "Dance",
}
"""What is heard in a film. In lower case, "country" is the music; "Country" is where a film is from."""
FIRST_START = {
    "There are no films here yet. Three ways to begin:": "Hier sind noch keine Filme. Drei Wege, anzufangen:",
    "Look at the demo": "Demo ansehen",
    "144 films of twelve directors, and 36 rendered ones whose music can be heard. A minute or two.": (
        "144 Filme von zwölf Regisseuren, dazu 36 künstliche, deren Musik zu hören ist. Ein bis zwei Minuten."
    ),
    "Point at my folder": "Meinen Ordner angeben",
    "filmscore listens to each film once: some 10 to 20 seconds for an hour of film.": (
        "filmscore hört jeden Film einmal: etwa 10 bis 20 Sekunden je Stunde Film."
    ),
    "Bring my ratings": "Meine Bewertungen mitbringen",
    "Titles from a CSV, an NFO folder or a media server; then your ratings from IMDb, Letterboxd or Trakt become "
    "likes.": (
        "Titel aus einer CSV-Datei, einem Ordner mit NFO-Dateien oder einem Medienserver; Bewertungen aus IMDb, "
        "Letterboxd oder Trakt werden zu Lieblingsfilmen."
    ),
    "Add films": "Filme hinzufügen",
    "About {} left.": "Noch etwa {}.",
    "just now": "gerade eben",
    "{} ago": "vor {}",
    "1 second": "1 Sekunde",
    "{} seconds": "{} Sekunden",
    "1 minute": "1 Minute",
    "{} minutes": "{} Minuten",
    "1 hour": "1 Stunde",
    "{} hours": "{} Stunden",
    "1 day": "1 Tag",
    "{} days": "{} Tagen",
    "Build the demo": "Demo erstellen",
    "The demo is being built.": "Die Demo wird erstellt.",
    "The demo is here.": "Die Demo ist fertig.",
    "Show the films": "Filme zeigen",
    "Run a command in a terminal, then reload this page. Whoever has signed in can do the same here:": (
        "Führe einen Befehl in einem Terminal aus und lade die Seite neu. Angemeldet geht dasselbe hier:"
    ),
    "Or sign in, and build it here by a button.": "Oder melde dich an und erstelle sie hier mit einem Klick.",
    "No worker is running, so nothing starts yet: `{}` in a terminal.": (
        "Es läuft kein Worker, deshalb startet noch nichts: `{}` in einem Terminal."
    ),
}
DISCOVER = {
    "aim": "Ziel",
    "at most per director": "höchstens je Regie",
    "composer": "Komposition",
    "mix": "Mischung",
    "number of films": "Anzahl der Filme",
    "variety": "Vielfalt",
    "year from": "Jahr ab",
    "year to": "Jahr bis",
    "What to watch next": "Was als Nächstes?",
    "Start with a film you love: type its title, or open one below and press Like.": (
        "Beginne mit einem Lieblingsfilm: Gib seinen Titel ein, oder öffne unten einen und drücke „Gefällt mir“."
    ),
    "Films I love": "Meine Lieblingsfilme",
    "Story / Sound": "Inhalt / Klang",
    "0 %: only what a film is about: genres, people, place, time, reception. 100 %: only how it sounds.": (
        "0 %: nur, worum es geht: Genres, Beteiligte, Ort, Zeit, Bewertung. 100 %: nur, wie der Film klingt."
    ),
    "Variety": "Vielfalt",
    "0 %: the best by score. 100 %: as different from each other as can be.": (
        "0 %: die mit der höchsten Punktzahl. 100 %: so verschieden voneinander wie möglich."
    ),
    "What to look for": "Was gesucht wird",
    "Up to three films: films like these. From four on, and for a saved search: films for this taste.": (
        "Bis zu drei Filme: ähnliche Filme. Ab vier und für eine gespeicherte Suche: Filme für diesen Geschmack."
    ),
    "Films like these": "Ähnliche Filme",
    "Films for this taste": "Filme für diesen Geschmack",
    "These films resemble the ones you name: genres and the people who made them count most.": (
        "Diese Filme ähneln den genannten: Genres und Beteiligte zählen am meisten."
    ),
    "These films suit somebody who likes what you name: their time and their reception count, too.": (
        "Diese Filme passen zu allen, die die genannten mögen: Auch Zeit und Bewertung zählen."
    ),
    "More / less": "Mehr / weniger",
    "More of": "Mehr von",
    "Less of": "Weniger von",
    "An attribute, a music genre, a film genre, a decade such as 1970s, or a tag such as guitar. Less of director: not "
    "the same directors.": (
        "Ein Merkmal, ein Musik- oder Filmgenre, ein Jahrzehnt wie 1970s oder ein Schlagwort wie guitar, auf Englisch. "
        "Weniger von director: nicht dieselbe Regie."
    ),
    "Mix": "Mischung",
    "They share 100 % between them. The slider Story / Sound puts its own mix in their place.": (
        "Zusammen ergeben sie 100 %. Der Regler Inhalt / Klang ersetzt sie durch seine eigene Mischung."
    ),
    "How it sounds": "Wie er klingt",
    "What is known of it": "Was bekannt ist",
    "How it looks": "Wie er aussieht",
    "What is said": "Was gesagt wird",
    "How people look": "Wie die Menschen schauen",
    "Filters": "Filter",
    "Years": "Jahre",
    "Film genre": "Filmgenre",
    "Country": "Land",
    "Director": "Regie",
    "Composer": "Komponist",
    "Collection": "Sammlung",
    "Only analysed films with music": "Nur analysierte Filme mit Musik",
    "At most per director (0: no limit)": "Höchstens je Regie (0: ohne Grenze)",
    "How many films": "Wie viele Filme",
    "any": "alle",
    "Hidden films: {}": "Ausgeblendete Filme: {}",
    "Save": "Speichern",
    "Save this search as": "Diese Suche speichern als",
    "Saved “{}”.": "„{}“ gespeichert.",
    "Saved searches": "Gespeicherte Suchen",
    "Load": "Laden",
    "Delete": "Löschen",
    "Key": "Tonart",
    "A scene has a key where the model is sure of it.": "Wo das Modell sich sicher ist, steht die Tonart.",
    "C major": "C-Dur",
    "D-flat major": "Des-Dur",
    "D major": "D-Dur",
    "E-flat major": "Es-Dur",
    "E major": "E-Dur",
    "F major": "F-Dur",
    "F-sharp major": "Fis-Dur",
    "G major": "G-Dur",
    "A-flat major": "As-Dur",
    "A major": "A-Dur",
    "B-flat major": "B-Dur",
    "B major": "H-Dur",
    "C minor": "c-Moll",
    "C-sharp minor": "cis-Moll",
    "D minor": "d-Moll",
    "E-flat minor": "es-Moll",
    "E minor": "e-Moll",
    "F minor": "f-Moll",
    "F-sharp minor": "fis-Moll",
    "G minor": "g-Moll",
    "G-sharp minor": "gis-Moll",
    "A minor": "a-Moll",
    "B-flat minor": "b-Moll",
    "B minor": "h-Moll",
    "Download CSV": "CSV herunterladen",
    "The link holds the whole question.": "Der Link enthält die ganze Suche.",
    "Add your own films": "Eigene Filme hinzufügen",
    "This is the demo catalogue: {} films, {} with music. Films marked demo are rendered by filmscore itself; the "
    "others have no sound until their files are added.": (
        "Dies ist der Demokatalog: {} Filme, {} mit Musik. Die mit demo markierten hat filmscore selbst erzeugt; die "
        "anderen haben keinen Ton, bis ihre Dateien hinzugefügt sind."
    ),
    "Like": "Gefällt mir",
    "Not for me": "Nichts für mich",
    "Seen": "Gesehen",
    "Liked": "Gefällt mir",
    "Hidden, not for you": "Ausgeblendet, nichts für dich",
    "Shown again": "Wieder gezeigt",
    "Why this score": "Warum diese Punktzahl",
    "Score": "Punktzahl",
    "Reasons": "Gründe",
    "No film fits. Loosen the filters, or move the slider: films that were not analysed have no sound.": (
        "Kein Film passt. Lockere die Filter, oder bewege den Regler: Nicht analysierte Filme haben keinen Klang."
    ),
    "Best loved": "Die beliebtesten",
    "The calmest music": "Die ruhigste Musik",
    "The most energetic music": "Die kraftvollste Musik",
    "The fastest music": "Die schnellste Musik",
    "The most music": "Die meiste Musik",
    "Sounds like {}": "Klingt wie {}",
    "With music by {}": "Mit Musik von {}",
    "By {}": "Von {}",
    "Newly added": "Neu hinzugefügt",
    "surprise": "Überraschung",
    "Surprise me": "Überrasche mich",
    "One film that is rated well and unlike these answers.": "Ein gut bewerteter Film, der anders ist als diese.",
    "No film is left that is not among the answers.": "Es bleibt kein Film, der nicht schon gezeigt wird.",
    "Bring your ratings": "Bewertungen mitbringen",
    "A film you don't have": "Ein Film, der hier fehlt",
    "Type its title": "Titel eingeben",
    "No known title begins like this.": "Kein bekannter Titel beginnt so.",
    "Also recommend films you don't have": "Auch Filme empfehlen, die hier fehlen",
    "Films you don't have": "Filme, die hier fehlen",
    "The export of IMDb, Letterboxd (its ZIP, too), Trakt or MovieLens": (
        "Der Export von IMDb, Letterboxd (auch als ZIP), Trakt oder MovieLens"
    ),
    "Use these ratings: {} liked, {} disliked, {} seen": (
        "Diese Bewertungen verwenden: {} gemocht, {} nicht gemocht, {} gesehen"
    ),
    "From 7 of 10 on a film is liked; up to 4 it is not.": "Ab 7 von 10 wird ein Film gemocht, bis 4 nicht.",
    "Taken as": "Gilt als",
    "liked": "gemocht",
    "disliked": "nicht gemocht",
    "seen": "gesehen",
    "Not in this catalogue ({})": "Nicht in diesem Katalog ({})",
    "Your ratings are in the question now.": "Die Bewertungen sind jetzt Teil der Suche.",
}
FILMS = {
    "Sort by": "Sortieren nach",
    "Genre": "Genre",
    "Decade": "Jahrzehnt",
    "Search titles": "Titel suchen",
    "A part of a title": "Ein Teil des Titels",
    "Title": "Titel",
    "Newest": "Neueste",
    "Oldest": "Älteste",
    "Best rated": "Am besten bewertet",
    "Calmest music": "Ruhigste Musik",
    "Most energetic music": "Kraftvollste Musik",
    "Slowest music": "Langsamste Musik",
    "Fastest music": "Schnellste Musik",
    "Most music": "Meiste Musik",
    "All": "Alle",
    "First letters": "Anfangsbuchstaben",
    "Pages": "Seiten",
    "Show all films": "Alle Filme zeigen",
    "Previous page": "Vorige Seite",
    "Next page": "Nächste Seite",
    "Page {:,} of {:,}": "Seite {:,} von {:,}",
    "{:,} films": "{:,} Filme",
    "1 film": "1 Film",
    "beginning with {}": "mit {} am Anfang",
    "with music": "mit Musik",
    "All letters": "Alle Buchstaben",
    "Titles that begin with a figure or a sign": "Titel, die mit einer Ziffer oder einem Zeichen beginnen",
    "Titles that begin with {}": "Titel, die mit {} beginnen",
    "No film fits. Take a filter away.": "Kein Film passt. Entferne einen Filter.",
    "No film with music was analysed yet. Add a film's file, and it can be sorted by its music.": (
        "Noch kein Film mit Musik wurde analysiert. Füge die Datei eines Films hinzu, dann lässt er sich so sortieren."
    ),
}
FILM = {
    "The film's loudness is {:.0f} LUFS.": "Die Lautheit des Films beträgt {:.0f} LUFS.",
    "The film's loudness is {:.0f} LUFS; of its music where nobody speaks, {:.0f} LUFS.": (
        "Die Lautheit des Films beträgt {:.0f} LUFS; die seiner Musik, wo niemand spricht, {:.0f} LUFS."
    ),
    "Back to the answers": "Zurück zu den Vorschlägen",
    "All films": "Alle Filme",
    "Compare with another film": "Mit einem anderen Film vergleichen",
    "{} min": "{} min",
    "rated {:.1f}": "bewertet mit {:.1f}",
    "Also called": "Auch",
    "Countries": "Länder",
    "Languages": "Sprachen",
    "Written by": "Drehbuch",
    "Music by": "Musik von",
    "Cast": "Besetzung",
    "Belongs to": "Gehört zu",
    "Tags": "Schlagwörter",
    "Locations": "Drehorte",
    "Metascore": "Metascore",
    "{} of 100": "{} von 100",
    "Two-level pie of {}: {}; of the music {}": "Zweistufiges Kreisdiagramm von {}: {}; von der Musik {}",
    "Levels of the music": "Stufen der Musik",
    "Time": "Zeit",
    "Energy": "Energie",
    "Valence": "Stimmung",
    "Danceability": "Tanzbarkeit",
    "Confidence": "Sicherheit",
    "A star marks what a person set by ear.": "Ein Stern markiert, was jemand nach Gehör gesetzt hat.",
    "by ear": "nach Gehör",
    "Correct these scenes by ear": "Diese Szenen nach Gehör korrigieren",
    "Scenes with music": "Szenen mit Musik",
    "the model said {}": "das Modell sagte {}",
    "Music": "Musik",
    "Timeline of {}: music, speech and other each second; the genre and energy of {} scenes": (
        "Zeitleiste von {}: Musik, Sprache und Anderes in jeder Sekunde; Genre und Energie von {} Szenen"
    ),
    "The film's colours from beginning to end": "Die Farben des Films vom Anfang bis zum Ende",
    "a caption of music, heard too": "ein Untertitel nennt Musik, sie wurde gehört",
    "a caption of music, not heard": "ein Untertitel nennt Musik, sie wurde nicht gehört",
    "; above, the film's mean colours": "; darüber die mittleren Farben des Films",
    "The film of this link is no longer in the catalogue.": "Der Film dieses Links ist nicht mehr im Katalog.",
    "Add to a list": "Zu einer Liste",
    "Add to a new list named": "Zu einer neuen Liste mit dem Namen",
    "Added to {}: {}": "Zu {} hinzugefügt: {}",
    "Taken out of {}: {}": "Aus {} entfernt: {}",
    "Find a film": "Film suchen",
    "Not analysed yet: how it sounds is not known. It is compared by what else is known of it.": (
        "Noch nicht analysiert: Wie der Film klingt, ist nicht bekannt. Verglichen wird, was sonst bekannt ist."
    ),
    "Not analysed yet. Add its file to hear its music: `{}`.": (
        "Noch nicht analysiert. Füge die Datei hinzu, damit die Musik gehört wird: `{}`."
    ),
    "No music of ten seconds or more was found in this film.": (
        "In diesem Film wurde keine Musik von zehn Sekunden oder mehr gefunden."
    ),
    "Overview": "Überblick",
    "Scenes": "Szenen",
    "Timeline": "Zeitleiste",
    "More like this": "Ähnliche Filme",
    "More with music by {}": "Mehr mit Musik von {}",
    "More scenes like this": "Ähnliche Szenen",
    "Scene": "Szene",
    "Drag across the figure to look closer, double-click to see all.": (
        "Ziehen vergrößert, ein Doppelklick zeigt wieder alles."
    ),
    "Bold: each scene's level of energy; thin: how energetic each ten seconds sound, 0 (low) to 2 (high).": (
        "Dick: die Energie jeder Szene; dünn: wie kraftvoll je zehn Sekunden klingen, 0 (niedrig) bis 2 (hoch)."
    ),
    "A click on music opens it; a click in the middle closes it.": (
        "Ein Klick auf Musik öffnet sie, ein Klick in die Mitte schließt sie."
    ),
    "A scene is ten seconds of music or more. Confidence: how probable the model holds its genre to be.": (
        "Eine Szene ist Musik von zehn Sekunden oder mehr. Sicherheit: wie wahrscheinlich dem Modell ihr Genre ist."
    ),
    "Films are compared by plots in English; this one is not compared.": (
        "Verglichen werden englische Inhaltsangaben; diese wird nicht verglichen."
    ),
    "Download scenes as CSV": "Szenen als CSV herunterladen",
    "The link opens this film.": "Der Link öffnet diesen Film.",
    "Another version of this film, not analysed: {}": "Eine andere Fassung dieses Films, nicht analysiert: {}",
    "Said and seen": "Gesagt und gesehen",
    "Nobody is recognised, and no face is stored. Expressions are acted for the camera; they are not what anybody "
    "felt.": (
        "Niemand wird erkannt und kein Gesicht gespeichert. Mimik ist für die Kamera gespielt; sie zeigt nicht, was "
        "jemand fühlte."
    ),
}
SOUNDS_LIKE = {
    "Listening to the clip": "Der Ausschnitt wird gehört",
    "Choose a scene, give a clip or say it in words: which scenes have music like it?": (
        "Wähle eine Szene, gib einen Ausschnitt oder beschreibe ihn: Welche Szenen haben ähnliche Musik?"
    ),
    "Start from": "Ausgangspunkt",
    "A scene": "Eine Szene",
    "A clip": "Ein Ausschnitt",
    "Words": "Worte",
    "The scenes that sound most alike: {}. Listen:": "Die ähnlichsten Szenen: {}. Anhören:",
    "{}, from {}": "{}, ab {}",
    "Drop a clip": "Ausschnitt ablegen",
    "Heard, {}: {}": "Gehört, {}: {}",
    "What was heard of the clip": "Was im Ausschnitt gehört wurde",
    "And {} further scenes of the clip.": "Und {} weitere Szenen des Ausschnitts.",
    "Or record one": "Oder einen aufnehmen",
    "A clip of ten seconds or more works best. It is heard here and not kept.": (
        "Am besten zehn Sekunden oder mehr. Der Ausschnitt wird hier gehört und nicht behalten."
    ),
    "No film with music was analysed yet. Add a film's file to hear it: `{}`.": (
        "Noch kein Film mit Musik wurde analysiert. Füge die Datei eines Films hinzu: `{}`."
    ),
    "How it should sound": "Wie es klingen soll",
    "slow sad piano": "slow sad piano",
    "Say a mood, a pace, a style, an instrument or a voice: slow sad piano, fast rock without singing, calm choir. "
    "Or name a film: like Vertigo but calmer.": (
        "Nenne auf Englisch Stimmung, Tempo, Stil, Instrument oder Stimme: slow sad piano, fast rock without singing, "
        "calm choir. Oder nenne einen Film: like Vertigo but calmer."
    ),
    "likeness {:.2f}": "Ähnlichkeit {:.2f}",
    "both {}": "beide {}",
    "{} of {}": "{} von {}",
    "Scenes by film": "Szenen nach Filmen",
    "No other scene of the catalogue was analysed yet.": "Noch keine andere Szene des Katalogs wurde analysiert.",
}
LISTS = {
    "What you want to watch, what you have seen, and lists of your own. This browser keeps them.": (
        "Was du sehen willst, was du gesehen hast, und eigene Listen. Dieser Browser behält sie."
    ),
    "To watch": "Merkliste",
    "List": "Liste",
    "Nothing is here yet. Open a film and press “To watch”, “Seen” or “Add to a list”.": (
        "Hier ist noch nichts. Öffne einen Film und drücke „Merkliste“, „Gesehen“ oder „Zu einer Liste“."
    ),
    "Browse films": "In Filmen blättern",
    "New list": "Neue Liste",
    "Name": "Name",
    "Create the list": "Liste anlegen",
    "Remove": "Entfernen",
    "Removed from {}: {}": "Aus {} entfernt: {}",
    "Delete this list": "Diese Liste löschen",
    "Deleted: {}": "Gelöscht: {}",
    "The link holds the films: whoever opens it sees this list.": (
        "Der Link enthält die Filme: Wer ihn öffnet, sieht diese Liste."
    ),
    "Export": "Exportieren",
    "CSV for Letterboxd": "CSV für Letterboxd",
    "CSV for IMDb": "CSV für IMDb",
    "One HTML page": "Eine HTML-Seite",
    "A list that somebody shared": "Eine geteilte Liste",
    "A list that somebody shared: {} films.": "Eine geteilte Liste: {} Filme.",
    "Save as my list": "Als meine Liste speichern",
}
COMPARE = {
    "Reading what was heard": "Das Gehörte wird gelesen",
    "Two films, or the films of two directors: what differs in their music, in words and numbers.": (
        "Zwei Filme, oder die Filme zweier Regisseure: was ihre Musik unterscheidet, in Worten und Zahlen."
    ),
    "Two films": "Zwei Filme",
    "Two directors": "Zwei Regisseure",
    "First": "Erster",
    "Second": "Zweiter",
    "What differs": "Was sich unterscheidet",
    "Timelines": "Zeitleisten",
    "Their films": "Ihre Filme",
    "{} was not analysed yet, or has no music: there is nothing to compare by.": (
        "{}: noch nicht analysiert, oder ohne Musik. Es gibt nichts zu vergleichen."
    ),
    "Neither {} nor {} was analysed with music: there is nothing to compare by. Choose other films.": (
        "Weder {} noch {} ist mit Musik analysiert: Es gibt nichts zu vergleichen. Wähle andere Filme."
    ),
    "No film with music was analysed yet. Add a film's file to compare by: `{}`.": (
        "Noch kein Film mit Musik wurde analysiert. Füge zum Vergleichen die Datei eines Films hinzu: `{}`."
    ),
    "Their music differs in nothing that is worth a word.": "Ihre Musik unterscheidet sich nicht nennenswert.",
    "In brackets: a 95 % bootstrap interval of the difference, where both have three films or more. Only differences "
    "whose interval leaves out 0 are listed then.": (
        "In Klammern: ein 95-%-Bootstrap-Intervall des Unterschieds, wo beide drei Filme oder mehr haben. Dann stehen "
        "nur Unterschiede hier, deren Intervall die 0 auslässt."
    ),
    "All numbers": "Alle Zahlen",
    "All numbers of {} and {}": "Alle Zahlen von {} und {}",
    "Timeline of {}: music, speech, other, and the genre and energy of {} scenes": (
        "Zeitleiste von {}: Musik, Sprache, Anderes; Genre und Energie von {} Szenen"
    ),
    "See all films of {}": "Alle Filme von {} zeigen",
    "A second director": "Ein zweiter Regisseur",
    "{} and {}": "{} und {}",
}
PARTS: tuple[dict[str, str], ...] = (
    *(MENU, SHARED, HEARD, FIRST_START, DISCOVER, FILMS, FILM, SOUNDS_LIKE, LISTS, COMPARE),
    *(de_study.TONIGHT, de_study.MAP, de_study.MINING, de_study.VALIDITY, de_study.SENSES),
    *(de_admin.OVERVIEW, de_admin.DATA, de_admin.JOBS, de_admin.SIGN_IN, de_admin.LIBRARY),
    *(de_admin.ADD_FILMS, de_admin.MODELS, de_admin.BY_EAR, de_about.ABOUT),
    *(de_figures.FIGURES, de_figures.COLUMNS, de_figures.HOVERS, de_figures.VALIDITY),
    *(de_library.HEADS, de_library.FIELDS, de_library.MEDIA_SERVER),
    *(de_errors.CORRECTIONS, de_errors.LISTENING, de_errors.SERVERS, de_errors.COMMON),
    *(
        de_told.PARTS,
        de_told.AMOUNTS,
        de_told.NEEDS,
        de_told.REASONS,
        de_told.FILM_GENRES,
        de_told.NOTICES,
        de_told.FINDINGS,
    ),
)
GERMAN: dict[str, str] = {english: german for part in PARTS for english, german in part.items()}
