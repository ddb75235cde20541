"""German for heads of columns, what is known of a film, and the form of a media server."""

from __future__ import annotations

HEADS = {
    "title": "Titel",
    "director": "Regie",
    "year": "Jahr",
    "rating": "Bewertung",
    "sound": "Ton",
    "collection": "Sammlung",
    "added": "hinzugefügt",
    "model": "Modell",
    "kind": "Art",
    "version": "Version",
    "file": "Datei",
    "confidence": "Sicherheit",
    "new": "neu",
    "none": "keine",
    "{}, number {}": "{}, Nummer {}",
    "{} ({}), confidence {:.0%}": "{} ({}), Sicherheit {:.0%}",
    "the root itself": "der Medienordner selbst",
    "measure": "Maß",
    "difference": "Unterschied",
    "from": "von",
    "to": "bis",
    "films": "Filme",
}
"""Heads of columns, and what stands in them."""
FIELDS = {
    "Title": "Titel",
    "Other title": "Anderer Titel",
    "Imdb id": "IMDb-Nummer",
    "Film set": "Filmreihe",
    "Collection": "Sammlung",
    "Plot": "Handlung",
    "Year": "Jahr",
    "Rating": "Bewertung",
    "Votes": "Stimmen",
    "Metascore": "Metascore",
    "Runtime minutes": "Länge in Minuten",
    "Directors": "Regisseure",
    "Writers": "Drehbuch",
    "Composers": "Komponisten",
    "Genres": "Genres",
    "Tags": "Schlagwörter",
    "Countries": "Länder",
    "Languages": "Sprachen",
    "Locations": "Drehorte",
    "Cast": "Besetzung",
}
"""What can be corrected of a film."""
MEDIA_SERVER = {
    "Server": "Server",
    "The key comes from the environment of the app and its worker: `{}`, or `{}_FILE`, the path of a file of mode 600. "
    "{}": (
        "Der Schlüssel kommt aus der Umgebung der App und ihres Workers: `{}`, oder `{}_FILE`, der Pfad einer Datei "
        "mit den Rechten 600. {}"
    ),
    "Make one in Jellyfin's dashboard (API keys).": "Lege einen in Jellyfins Dashboard an (API-Schlüssel).",
    "support.plex.tv says how to find one (Finding an authentication token).": (
        "Wie du einen findest, steht bei support.plex.tv (Finding an authentication token)."
    ),
    "Set `{}` in the environment of the app and its worker, such as http://192.168.1.2:{}. Only that server is asked, "
    "so that nobody sends its key elsewhere.": (
        "Setze `{}` in der Umgebung der App und ihres Workers, etwa http://192.168.1.2:{}. Nur dieser Server wird "
        "gefragt, damit niemand seinen Schlüssel anderswohin schickt."
    ),
    "Address: {}": "Adresse: {}",
    "User": "Benutzer",
    "the only one": "der einzige",
    "Taste profile for ratings and what was played": "Profil für Bewertungen und Gesehenes",
    "Folders: SERVER=HERE, one a line": "Ordner: SERVER=HIER, einer je Zeile",
    "Where the server's folders are on this machine, below a media root. Empty: the paths are the same.": (
        "Wo die Ordner des Servers auf diesem Rechner liegen, unter einem Medienordner. Leer: Die Pfade sind gleich."
    ),
    "Listen to the films whose files are here": "Filme hören, deren Dateien hier sind",
    "Reading the server's library": "Die Bibliothek des Servers wird gelesen",
    "{} films on the server: {} of their files are here, {} films are in the library.": (
        "{} Filme auf dem Server: {} ihrer Dateien sind hier, {} Filme sind in der Bibliothek."
    ),
    "A file is here if its path, after the folders above are replaced, exists below a media root. Films without a file "
    "here bring their metadata and your ratings, and are not listened to.": (
        "Eine Datei ist hier, wenn ihr Pfad nach dem Ersetzen der Ordner oben unter einem Medienordner liegt. Filme "
        "ohne Datei bringen ihre Metadaten und deine Bewertungen mit und werden nicht gehört."
    ),
    "The films of the server, and where their files are here": (
        "Die Filme des Servers, und wo ihre Dateien hier liegen"
    ),
    "known": "bekannt",
    "library": "Bibliothek",
    "you": "du",
    "file here": "Datei hier",
    "file on the server": "Datei auf dem Server",
}
