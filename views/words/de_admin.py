"""German for the pages of who looks after the films: Overview, Library, Add films, Jobs, Models, Data, Sign in."""

from __future__ import annotations

OVERVIEW = {
    "Overview": "Überblick",
    "What needs you first, and the way to each part of this installation.": (
        "Was zuerst zu tun ist, und der Weg zu jedem Teil dieser Installation."
    ),
    "Nothing needs you: every job ended well, every film was analysed, and a backup is at hand.": (
        "Nichts zu tun: Alle Aufträge gingen gut aus, alle Filme sind analysiert, eine Sicherung ist da."
    ),
    "Open {}": "{} öffnen",
    "Correct films, analyse them again, delete them, find duplicates.": (
        "Filme berichtigen, neu analysieren, löschen, Doppelte finden."
    ),
    "Hear the scenes of which the models are least sure, and set what you hear.": (
        "Die Szenen hören, bei denen die Modelle am wenigsten sicher sind, und festlegen, was du hörst."
    ),
    "From a folder of this machine, or by upload.": "Aus einem Ordner dieses Rechners oder hochgeladen.",
    "What is running, what failed and why.": "Was läuft, was scheiterte und warum.",
    "What hears the films; your trained models.": "Was die Filme hört; eigene Modelle.",
    "Import, export, backups, the log of what was done.": "Import, Export, Sicherungen, Protokoll.",
}
DATA = {
    "What comes in, what goes out, and what is kept.": "Was hereinkommt, was hinausgeht und was bleibt.",
    "Import": "Importieren",
    "**A sheet of films**": "**Eine Tabelle von Filmen**",
    "Films in the sheet: {}.": "Filme in der Tabelle: {}.",
    "Read as: {}.": "Gelesen als: {}.",
    "Rows that are wrong ({}): {}. Correct them, or leave them out, and upload the sheet again.": (
        "Fehlerhafte Zeilen ({}): {}. Berichtige sie oder lass sie weg und lade die Tabelle noch einmal hoch."
    ),
    "CSV: movie, director, year, imdb_id, rating, genres, cast, ... (docs/metadata.md).": (
        "CSV: movie, director, year, imdb_id, rating, genres, cast, ... (docs/metadata.md)."
    ),
    "Sheet": "Tabelle",
    "Import the sheet": "Tabelle importieren",
    "**IMDb's official files**": "**IMDbs offizielle Dateien**",
    "Download title.basics and its companions from [datasets.imdbws.com](https://datasets.imdbws.com/) into a folder "
    "below a media root. IMDb allows personal, non-commercial use only.": (
        "Lade title.basics und die übrigen Dateien von [datasets.imdbws.com](https://datasets.imdbws.com/) in einen "
        "Ordner unter einem Medienordner. IMDb erlaubt nur private, nicht kommerzielle Nutzung."
    ),
    "Folder": "Ordner",
    "Load the files": "Dateien laden",
    "There is nothing to export yet.": "Es gibt noch nichts zu exportieren.",
    "Enhanced dataset as CSV": "Erweiterter Datensatz als CSV",
    "Backups": "Sicherungen",
    "Backup": "Sicherung",
    "A backup holds films, metadata, analyses and your trained models. Media files are not in it, uploaded ones "
    "neither: copy the home's folder `uploads` as well.": (
        "Eine Sicherung enthält Filme, Metadaten, Analysen und eigene Modelle, aber keine Mediendateien, auch keine "
        "hochgeladenen: Kopiere den Ordner `uploads` dazu."
    ),
    "Back up now": "Jetzt sichern",
    "None yet.": "Noch keine.",
    "Replace today's films and metadata": "Die heutigen Filme und Metadaten ersetzen",
    "Restore": "Wiederherstellen",
    "Disk space": "Speicherplatz",
    "Space on the disk by what it is for": "Speicherplatz nach Verwendung",
    "what": "was",
    "size": "Größe",
    "analysed films (parts)": "analysierte Filme",
    "published catalogues": "veröffentlichte Kataloge",
    "copies of the state": "Kopien des Zustands",
    "uploads": "Hochgeladenes",
    "backups": "Sicherungen",
    "own models": "eigene Modelle",
    "trainings": "Trainings",
    "state": "Zustand",
    "IMDb's files": "IMDbs Dateien",
    "free": "frei",
    "{:.1f} MB": "{:.1f} MB",
    "{:.1f} GB": "{:.1f} GB",
    "Activity log": "Protokoll",
    "The audit log": "Das Protokoll",
    "when": "wann",
    "who": "wer",
    "detail": "Einzelheiten",
    "Change password": "Passwort ändern",
    "New password": "Neues Passwort",
    "Changed; all other sessions ended.": "Geändert; alle anderen Sitzungen sind beendet.",
    "{} Meanwhile an older catalogue is shown.": "{} Solange wird ein älterer Katalog gezeigt.",
}
JOBS = {
    "Jobs continue when you leave a page or the app restarts.": (
        "Aufträge laufen weiter, wenn du die Seite verlässt oder die App neu startet."
    ),
    "Worker running": "Der Worker läuft",
    "No worker is running. Start one in a terminal: `{}`.": "Es läuft kein Worker. Starte einen im Terminal: `{}`.",
    "Nothing was submitted yet. Add films, and their job is followed here.": (
        "Noch kein Auftrag. Füge Filme hinzu, dann steht hier, wie weit sie sind."
    ),
    "Cancel": "Abbrechen",
    "Details": "Einzelheiten",
    "Nothing was noted.": "Nichts vermerkt.",
    "Try again": "Noch einmal",
    "{} fit several films here and were left out: {}": "{} passen zu mehreren Filmen und sind weggelassen: {}",
}
SIGN_IN = {
    "For those who look after the films. Everything else here needs no account.": (
        "Für alle, die die Filme verwalten. Alles andere geht ohne Konto."
    ),
    "Password": "Passwort",
    "The same again": "Noch einmal dasselbe",
    "Set the password": "Passwort setzen",
    "Eight characters or more.": "Acht Zeichen oder mehr.",
    "Choose the password of this home's admin. It is asked for whenever somebody wants to add or change films.": (
        "Wähle das Passwort der Verwaltung. Es wird verlangt, wenn jemand Filme hinzufügen oder ändern will."
    ),
    "No admin password was chosen yet. Open the link that filmscore serve printed in its terminal.": (
        "Noch ist kein Passwort gewählt. Öffne den Link, den filmscore serve im Terminal gezeigt hat."
    ),
    "Sign in with your account": "Mit dem eigenen Konto anmelden",
    "The sign-in with your account did not succeed. Try again.": "Die Anmeldung gelang nicht. Versuche es noch einmal.",
    "The two differ. Type the same password twice.": "Die beiden sind verschieden. Gib zweimal dasselbe ein.",
    "You are signed in{}.": "Du bist angemeldet{}.",
    "Your account has no rights here, so you are a visitor. Ask who looks after the films.": (
        "Dein Konto hat hier keine Rechte; du bist Gast. Frage, wer die Filme verwaltet."
    ),
    "this machine": "dieser Rechner",
}
LIBRARY = {
    "Listing the films": "Die Filme werden aufgelistet",
    "Every film of this catalogue: correct it, analyse it again, delete it.": (
        "Alle Filme dieses Katalogs: berichtigen, neu analysieren, löschen."
    ),
    "Search": "Suchen",
    "A title or a director": "Titel oder Regie",
    "{:,} films, {:,} with music, {:,} directors.": "{:,} Filme, {:,} mit Musik, {:,} Regisseure.",
    "The first {:,} of {:,} are listed. Search for others; the CSV has them all.": (
        "Die ersten {:,} von {:,}. Suche nach anderen; die CSV-Datei enthält alle."
    ),
    "All films of the catalogue; choose a row to open the film": (
        "Alle Filme des Katalogs; eine gewählte Zeile öffnet den Film"
    ),
    "Choose a row to open the film.": "Wähle eine Zeile, um den Film zu öffnen.",
    "No film fits. Did you mean {}?": "Kein Film passt. Meinst du {}?",
    "Films as CSV": "Filme als CSV",
    "Open the chosen film": "Den gewählten Film öffnen",
    "Edit": "Bearbeiten",
    "Save the changes": "Änderungen speichern",
    "Several: a; b; c": "Mehrere: a; b; c",
    "Analyse again": "Neu analysieren",
    "Delete this film and its analysis": "Diesen Film und seine Analyse löschen",
    "Sound track and versions": "Tonspur und Fassungen",
    "Show the sound tracks": "Tonspuren zeigen",
    "Sound track to analyse": "Tonspur für die Analyse",
    "Analyse this track": "Diese Tonspur analysieren",
    "filmscore chooses": "filmscore wählt",
    "Analysed: {}": "Analysiert: {}",
    "Another version, not analysed: {}": "Eine andere Fassung, nicht analysiert: {}",
    "Duplicates": "Doppelte",
    "Look for duplicates": "Doppelte suchen",
    "No film has two files of the same content, and no two have the same title, year and director.": (
        "Kein Film hat zwei Dateien gleichen Inhalts, und keine zwei haben Titel, Jahr und Regie gemeinsam."
    ),
    "same content, {}: {}": "gleicher Inhalt, {}: {}",
    "same title: {}": "gleicher Titel: {}",
    "Make one film: {}, whose file is gone, gets the file of {}, which is deleted": (
        "Ein Film daraus machen: {}, dessen Datei weg ist, bekommt die Datei von {}; dieser wird gelöscht"
    ),
    "{} by their content, {} by their title": "{} nach Inhalt, {} nach Titel",
    "no music": "keine Musik",
    "no year": "ohne Jahr",
    "not analysed": "nicht analysiert",
}
ADD_FILMS = {
    "filmscore listens to each film once; it takes some seconds per hour of film.": (
        "filmscore hört jeden Film einmal; das dauert einige Sekunden je Stunde Film."
    ),
    "No worker is running, so nothing will be analysed. Start one in a terminal: `{}`.": (
        "Es läuft kein Worker, deshalb wird nichts analysiert. Starte einen im Terminal: `{}`."
    ),
    "From where": "Woher",
    "This machine": "Dieser Rechner",
    "Upload": "Hochladen",
    "Uploads": "Hochgeladenes",
    "Media server": "Medienserver",
    "Media root": "Medienordner",
    "Folder: {}": "Ordner: {}",
    "Open a folder below": "Einen Ordner darin öffnen",
    "Up one folder": "Ein Ordner zurück",
    "none chosen": "keiner gewählt",
    "everything in this folder": "alles in diesem Ordner",
    "A film, up to {} MB": "Ein Film, bis {} MB",
    "Larger films go into a folder: `{}`, then choose them here.": (
        "Größere Filme kommen in einen Ordner: `{}`, dann wähle sie hier."
    ),
    "Preview": "Vorschau",
    "Add": "Hinzufügen",
    "Looking at the files": "Die Dateien werden angesehen",
    "What adding these films would do": "Was das Hinzufügen bewirkt",
    "The preview goes by names, paths, times and NFO files. When the files are added, their contents are compared: a "
    "film that was analysed under another name is not analysed again.": (
        "Die Vorschau richtet sich nach Namen, Pfaden, Zeiten und NFO-Dateien. Beim Hinzufügen werden Inhalte "
        "verglichen: Was unter anderem Namen schon analysiert ist, wird nicht noch einmal analysiert."
    ),
    "Your folder is not listed yet. Allow it once in a terminal, then reload this page: `{}`.": (
        "Dein Ordner steht noch nicht hier. Erlaube ihn einmal im Terminal und lade diese Seite neu: `{}`."
    ),
    "To see another folder here, allow it in a terminal and reload this page: `{}`.": (
        "Um hier einen weiteren Ordner zu sehen, erlaube ihn im Terminal und lade diese Seite neu: `{}`."
    ),
    "No films, and left out: {}": "Keine Filme und ausgelassen: {}",
    "The files that are no films": "Die Dateien, die keine Filme sind",
    "{} films were found.": "{} Filme gefunden.",
    "1 film was found.": "1 Film gefunden.",
    "1 more part": "1 weiterer Teil",
    "{} more parts": "{} weitere Teile",
    "1 more version": "1 weitere Fassung",
    "{} more versions": "{} weitere Fassungen",
    "further files": "weitere Dateien",
    "year": "Jahr",
    "director": "Regie",
    "poster": "Plakat",
    "file": "Datei",
    "kind": "Art",
    "new": "neu",
    "title": "Titel",
    "confidence": "Sicherheit",
    "IMDb id": "IMDb-Nummer",
    "These names fit several titles, or none well. What you choose is remembered.": (
        "Diese Namen passen zu mehreren Titeln oder zu keinem gut. Deine Wahl wird behalten."
    ),
    "Titles are known once IMDb's files were loaded (page Data). Without them films are named by their NFO "
    "files, folders and names.": (
        "Titel sind bekannt, sobald IMDbs Dateien geladen sind (Seite Daten). Sonst heißen Filme nach NFO-Datei, "
        "Ordner und Name."
    ),
    "Titles, people and ratings come from IMDb's files, which are for personal, non-commercial use only ([their terms]"
    "(https://developer.imdb.com/non-commercial-datasets/)).": (
        "Titel, Beteiligte und Bewertungen stammen aus IMDbs Dateien, nur für private, nicht kommerzielle Nutzung "
        "([Bedingungen](https://developer.imdb.com/non-commercial-datasets/))."
    ),
    "Which film is it?": "Welcher Film ist es?",
    "Use {} titles": "{} Titel übernehmen",
    "leave it open": "offenlassen",
    "read as": "gelesen als",
    "{} (decided before)": "{} (früher entschieden)",
    "{} films have their title now. Add them below.": "{} Filme haben jetzt ihren Titel. Füge sie unten hinzu.",
    "analysed already": "schon analysiert",
    "known, will be analysed": "bekannt, wird analysiert",
    "known, will be compared": "bekannt, wird verglichen",
    "waiting for the worker": "wartet auf den Worker",
    "The job is {}. {}": "Der Auftrag ist {}. {}",
    "You may leave this page. Follow it in Jobs.": "Du kannst die Seite verlassen. Der Stand steht unter Aufträge.",
    "{} further entries are not listed.": "{} weitere Einträge stehen nicht hier.",
    "{} runs of music": "{} Abschnitte mit Musik",
    "1 run of music": "1 Abschnitt mit Musik",
}
MODELS = {
    "What hears the films. Cards and figures of the shipped models are on the page Validity.": (
        "Was die Filme hört. Beschreibungen und Zahlen der mitgelieferten Modelle stehen auf der Seite Prüfung."
    ),
    "The shipped weights with their hashes": "Die mitgelieferten Gewichte mit ihren Prüfsummen",
    "Your trained models": "Eigene Modelle",
    "None yet. Train one below: it learns your labels on top of the shipped networks, in minutes.": (
        "Noch keine. Trainiere unten eines: Es lernt deine Werte mit den mitgelieferten Netzen, in Minuten."
    ),
    "Train a model": "Ein Modell trainieren",
    "A manifest is a CSV below a media root: columns path and label; start_s, end_s and group if wanted.": (
        "Ein Manifest ist eine CSV-Datei unter einem Medienordner: Spalten path und label; auf Wunsch start_s, end_s "
        "und group."
    ),
    "Manifest": "Manifest",
    "Attribute": "Merkmal",
    "Train": "Trainieren",
    "Use {1} for {0}": "{1} für {0} verwenden",
    "the shipped model": "das mitgelieferte Modell",
    "Card of {}": "Beschreibung von {}",
    "This model came without a card.": "Dieses Modell hat keine Beschreibung.",
    "Films that other models analysed": "Filme, die andere Modelle analysiert haben",
    "New films are analysed by {}.": "Neue Filme werden analysiert von {}.",
    "It heard all films that are analysed.": "Es hat alle analysierten Filme gehört.",
    "Another version analysed {} films. Their values are compared with each other only.": (
        "Eine andere Version hat {} Filme analysiert. Ihre Werte werden nur miteinander verglichen."
    ),
    "Analyse them again": "Neu analysieren",
}
BY_EAR = {
    "Hear a scene, say what it is, go on to the next. What you set counts in place of what the model said.": (
        "Höre eine Szene, sage, was sie ist, und geh zur nächsten. Was du setzt, zählt anstelle des Modells."
    ),
    "The key on each button presses it; space plays and pauses. Enter saves all values that are marked.": (
        "Die Taste auf jedem Knopf drückt ihn; die Leertaste spielt und hält an. Die Eingabetaste speichert alle "
        "markierten Werte."
    ),
    "Order": "Reihenfolge",
    "Doubtful first": "Zweifelhafte zuerst",
    "Film by film": "Film für Film",
    "What to set": "Was gesetzt wird",
    "Everything": "Alles",
    "{} scenes are not set yet.": "{} Szenen sind noch nicht gesetzt.",
    "Every scene is set.": "Alle Szenen sind gesetzt.",
    "You skipped the other {} scenes.": "Die anderen {} Szenen hast du übersprungen.",
    "Begin again": "Von vorn beginnen",
    "The model said: {}.": "Das Modell sagte: {}.",
    "{} {} {:.0f} %": "{} {} {:.0f} %",
    "Set by ear: {}.": "Nach Gehör gesetzt: {}.",
    "Save, and next": "Speichern und weiter",
    "Next": "Weiter",
    "Previous": "Zurück",
    "Remove what was set": "Gesetztes entfernen",
    "Saved: {}, {}": "Gespeichert: {}, {}",
    "Removed: {}, {}": "Entfernt: {}, {}",
    "Scene {} of {}": "Szene {} von {}",
    "Scenes of all films": "Szenen aller Filme",
    "This film has no scenes with music.": "Dieser Film hat keine Szenen mit Musik.",
    "Learn from what was set": "Aus dem Gesetzten lernen",
    "The scenes that were set are a manifest: files, times and values. A training learns from the scenes of some films "
    "and is tested on those of the others.": (
        "Die gesetzten Szenen sind ein Manifest: Dateien, Zeiten und Werte. Ein Training lernt aus den Szenen einiger "
        "Filme und wird an denen der anderen geprüft."
    ),
    "Download the manifest": "Manifest herunterladen",
    "Train on it": "Damit trainieren",
}
