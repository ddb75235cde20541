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
    "{}: {} is not set, so the app and the API ask no such server. Who runs filmscore can set it, or read the server "
    "at the terminal: filmscore {} ADDRESS": (
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
