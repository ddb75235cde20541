"""German for errors: what happened, to which thing, what to do (English template -> its translation)."""

from __future__ import annotations

CORRECTIONS = {
    "corrections of {}: there is none to use.{} Set some on the page By ear first.": (
        "Korrekturen für {}: Keine ist verwendbar.{} Setze zuerst welche auf der Seite Nach Gehör."
    ),
    " Left out: {}.": " Weggelassen: {}.",
    "it has no file": "ohne Datei",
    "its file {} is not where it was": "die Datei {} ist nicht mehr, wo sie war",
    "its file {} lies outside of the media roots": "die Datei {} liegt außerhalb der Medienordner",
    "it consists of several files, and a row of a manifest names one": (
        "besteht aus mehreren Dateien, und eine Zeile eines Manifests nennt nur eine"
    ),
}
LISTENING = {
    "{}: it has no file that could be listened to. Add its file first.": (
        "{}: Es gibt keine Datei zum Anhören. Füge sie zuerst hinzu."
    ),
    "{}: its file {} is not where it was. Connect its disk, or add the file where it is now.": (
        "{}: Die Datei {} ist nicht mehr, wo sie war. Schließe die Platte an, oder füge die Datei dort hinzu, wo sie "
        "jetzt ist."
    ),
    "{}: its file lies outside of the media roots. An admin can add its folder with `filmscore roots add FOLDER`.": (
        "{}: Die Datei liegt außerhalb der Medienordner. Wer verwaltet, kann den Ordner mit `filmscore roots add "
        "FOLDER` hinzufügen."
    ),
    "excerpt: {} were asked for in a minute. Ask again in {} seconds.": (
        "Ausschnitt: {} wurden in einer Minute verlangt. Versuche es in {} Sekunden noch einmal."
    ),
    "{}: is gone since a moment ago. Connect its disk, then try again.": (
        "{}: gerade verschwunden. Schließe die Platte an und versuche es noch einmal."
    ),
}
SERVERS = {
    "rated {:g}": "bewertet mit {:g}",
    "favourite": "Favorit",
    "played": "gesehen",
    "{}: no key. {} Then set this variable.": "{}: kein Schlüssel. {} Setze dann diese Variable.",
    "{}: not a server's address. Write it as {}.": "{}: keine Adresse eines Servers. Schreibe sie so: {}.",
    "{}: does not answer ({}). Check the address and the server.": (
        "{}: antwortet nicht ({}). Prüfe die Adresse und den Server."
    ),
    "{}: answers {} with no JSON. Is it a {} server?": "{}: antwortet auf {} ohne JSON. Ist es ein {}-Server?",
    "{}: does not accept the key. {}": "{}: nimmt den Schlüssel nicht an. {}",
    "{}: {} is not set, so the app and the API ask no such server. Whoever runs filmscore can set it, or read the "
    "server at the terminal: filmscore {} ADDRESS": (
        "{}: {} ist nicht gesetzt, deshalb fragen App und API keinen solchen Server. Wer filmscore betreibt, kann sie "
        "setzen oder den Server im Terminal lesen: filmscore {} ADDRESS"
    ),
    "--map {}: not a rule. Write it as /media/films=/mnt/films.": (
        "--map {}: keine Regel. Schreibe sie so: /media/films=/mnt/films."
    ),
    "--map {}: {} is no folder of this machine. Check the path.": (
        "--map {}: {} ist kein Ordner dieses Rechners. Prüfe den Pfad."
    ),
}
COMMON = {
    "sign in: wrong password. Try again.": "Anmelden: falsches Passwort. Versuche es noch einmal.",
    "the password has {} characters. Take {} or more.": "Das Passwort hat {} Zeichen. Nimm {} oder mehr.",
    "set-up link: this home has an admin password. Sign in with it.": (
        "Einrichtungslink: Das Passwort ist schon gewählt. Melde dich damit an."
    ),
    "set-up link: wrong or used. Start `filmscore serve` again for a new one.": (
        "Einrichtungslink: falsch oder schon benutzt. Starte `filmscore serve` noch einmal, dann gibt es einen neuen."
    ),
    "list {!r}: a name has 1 to {} characters. Give another.": (
        "Liste {!r}: Ein Name hat 1 bis {} Zeichen. Wähle einen anderen."
    ),
    "list {}: {} films; a list holds {}. Begin another one.": (
        "Liste {}: {} Filme; eine Liste fasst {}. Beginne eine neue."
    ),
    "list {}: {} lists are kept already. Delete one first.": ("Liste {}: Es gibt schon {} Listen. Lösche zuerst eine."),
    "A person needs a name. Write one.": "Eine Person braucht einen Namen. Gib einen ein.",
    "{}: is here already. Give each person a name of their own.": (
        "{}: ist schon dabei. Gib jeder Person einen eigenen Namen."
    ),
    "{}: {} people are here already. Remove somebody first.": (
        "{}: Es sind schon {} Personen dabei. Entferne zuerst jemanden."
    ),
    "find: the question has {} characters. Give at most {}.": (
        "Suche in Worten: Die Frage hat {} Zeichen. Höchstens {} sind möglich."
    ),
    "find: the question has no words. Say how it should sound: {}.": (
        "Suche in Worten: Die Frage enthält keine Worte. Sage auf Englisch, wie es klingen soll: {}."
    ),
    "find: none of these words is understood{}. Say how it should sound: {}.": (
        "Suche in Worten: Keines dieser Worte ist bekannt{}. Sage auf Englisch, wie es klingen soll: {}."
    ),
    "find: no music of {} was heard, so nothing can be compared with it. Name a film whose music was heard.": (
        "Suche in Worten: Von {} ist keine Musik gehört, also gibt es nichts zu vergleichen. Nenne einen Film, dessen "
        "Musik gehört ist."
    ),
    "{} ...: a name has up to {} characters. Give a shorter one.": (
        "{} ...: Ein Name hat höchstens {} Zeichen. Wähle einen kürzeren."
    ),
    "{}: this browser keeps {} searches already. Delete one first.": (
        "{}: Dieser Browser behält schon {} Suchen. Lösche zuerst eine."
    ),
    "{}: neither a table nor valid JSON. Export it again.": (
        "{}: weder eine Tabelle noch gültiges JSON. Exportiere es noch einmal."
    ),
    "{}: a damaged ZIP ({}). Download the export again.": (
        "{}: ein beschädigtes ZIP ({}). Lade den Export noch einmal herunter."
    ),
    "{}: a watchlist does not express taste. Give ratings.csv or watched.csv.": (
        "{}: Eine Merkliste sagt nichts über den Geschmack. Gib ratings.csv oder watched.csv."
    ),
    "{}: not a ratings export. IMDb's has the columns Const, Your Rating, Title, Year; Letterboxd's ratings.csv has "
    "Name, Year, Rating.": (
        "{}: kein Export von Bewertungen. Der von IMDb hat die Spalten Const, Your Rating, Title, Year; Letterboxds "
        "ratings.csv hat Name, Year, Rating."
    ),
    "{}: outside of the media roots. Add its folder with `filmscore roots add FOLDER`, or name it in {} where the app "
    "is started.": (
        "{}: außerhalb der Medienordner. Füge den Ordner mit `filmscore roots add FOLDER` hinzu, oder nenne ihn in {}, "
        "wo die App gestartet wird."
    ),
    "{}: no such file or folder.": "{}: Diese Datei oder diesen Ordner gibt es nicht.",
    "{}: not a media file by its name. Upload one of {}.": (
        "{}: dem Namen nach keine Mediendatei. Lade eine von diesen hoch: {}."
    ),
    "{}: the disk has less than 1 GB left. Make room, then try again.": (
        "{}: Auf der Platte ist weniger als 1 GB frei. Schaffe Platz und versuche es noch einmal."
    ),
    "{}: silent. Give a clip that contains music.": "{}: kein Ton. Gib einen Ausschnitt mit Musik.",
    "{}: only {:.0f} s long, too short to judge. Give {} s or more; what follows is a guess.": (
        "{}: nur {:.0f} s lang, zu kurz für ein Urteil. Gib {} s oder mehr; was folgt, ist geraten."
    ),
    "{}: only the first {} minutes were analysed.": "{}: Nur die ersten {} Minuten wurden analysiert.",
    "{}: no ten consecutive seconds of music were found; the whole clip is compared.": (
        "{}: Keine zehn Sekunden Musik am Stück gefunden; der ganze Ausschnitt wird verglichen."
    ),
    "No film in the catalogue has music yet. Ingest some films, then try again.": (
        "Noch kein Film im Katalog hat Musik. Füge Filme hinzu, dann versuche es noch einmal."
    ),
    "{}: name a file or folder below the media roots.": (
        "{}: Nenne eine Datei oder einen Ordner unter den Medienordnern."
    ),
}
