"""German for what stands in figures, and for the page Validity."""

from __future__ import annotations

FIGURES = {
    "minutes": "Minuten",
    "seconds": "Sekunden",
    "heard": "gehört",
    "captions": "Untertitel",
    "true": "wahr",
    "corrected": "korrigiert",
    "confidence {:.0f} %": "Sicherheit {:.0f} %",
    "words": "Worte",
    "sentiment": "Stimmung der Worte",
    "light": "Licht",
    "brightness": "Helligkeit",
    "{} from beginning to end in {} parts: {}": "{} vom Anfang bis zum Ende in {} Teilen: {}",
    "%{y:.2f} at %{x:.0f} min": "%{y:.2f} bei %{x:.0f} min",
    "epoch": "Epoche",
    "epoch %{x}: %{y:.3f}": "Epoche %{x}: %{y:.3f}",
    "loss": "Verlust",
    "training": "Training",
    "validation": "Validierung",
    "honest": "ehrlich",
    "%{x:.0%} confident: %{y:.0%} correct (%{customdata[0]})": (
        "Sicherheit %{x:.0%}: %{y:.0%} richtig (%{customdata[0]})"
    ),
    "confidence (probability of the predicted class)": "Sicherheit (Wahrscheinlichkeit der vorhergesagten Klasse)",
    "share correct": "Anteil richtig",
    "classified as": "eingeordnet als",
    "%{y}, classified as %{x}:<br>%{customdata}": "%{y}, eingeordnet als %{x}:<br>%{customdata}",
    "loading": "Ladung",
    "others": "andere",
    "films held out": "zurückgehaltene Filme",
    "balanced accuracy (%)": "ausgewogene Genauigkeit (%)",
    "music alone": "nur Musik",
    "metadata alone": "nur Metadaten",
    "dialogue alone": "nur Dialog",
    "picture alone": "nur Bild",
    "faces alone": "nur Gesichter",
    "music and metadata": "Musik und Metadaten",
    "all together": "alles zusammen",
}
COLUMNS = {
    "Country: {}": "Land: {}",
    "Genre: {}": "Genre: {}",
    "Director: {}": "Regie: {}",
    "Composer: {}": "Komposition: {}",
    "Country music": "Country",
    "Dance": "Dance",
    "Countries": "Länder",
    "Metadata": "Metadaten",
    "Metascore": "Metascore",
    "Movie Genres": "Filmgenres",
    "Music Genres": "Musikgenres",
    "Blues": "Blues",
    "Classical": "Klassik",
    "Electronic": "Elektronik",
    "Hiphop": "Hip-Hop",
    "Jazz": "Jazz",
    "Metal": "Metal",
    "Pop": "Pop",
    "Rock": "Rock",
    "Music Duration": "Musikdauer",
    "Speech Duration": "Sprachdauer",
    "Other Duration": "Dauer des Anderen",
    "Music Present": "Musik vorhanden",
    "Speech Present": "Sprache vorhanden",
    "Music Under Speech": "Musik unter Sprache",
    "Danceability": "Tanzbarkeit",
    "Valence": "Stimmung",
    "Dialogue": "Dialog",
    "Words Per Minute": "Wörter je Minute",
    "Longest Silence Seconds": "Längste Stille in Sekunden",
    "Vocabulary": "Wortschatz",
    "Questions": "Fragen",
    "Exclamations": "Ausrufe",
    "Sentiment": "Stimmung der Worte",
    "Brightness": "Helligkeit",
    "Brightness Spread": "Streuung der Helligkeit",
    "Contrast": "Kontrast",
    "Saturation": "Sättigung",
    "Warmth": "Wärme",
    "Colourfulness": "Farbigkeit",
    "Dark Frames": "Dunkle Bilder",
    "Cuts Per Minute": "Schnitte je Minute",
    "Aspect Ratio": "Seitenverhältnis",
    "Frames With Faces": "Bilder mit Gesichtern",
    "Faces Per Frame": "Gesichter je Bild",
    "Close-ups": "Nahaufnahmen",
    "Faces Neutral": "Neutrale Gesichter",
    "Faces Happy": "Fröhliche Gesichter",
    "Faces Sad": "Traurige Gesichter",
    "Faces Angry": "Wütende Gesichter",
    "Faces Fearful": "Ängstliche Gesichter",
    "Faces Disgusted": "Angewiderte Gesichter",
    "Faces Surprised": "Überraschte Gesichter",
}
HOVERS = {
    "%{y} and %{x}<br>rho %{z:+.2f} [%{customdata[0]:+.2f}, %{customdata[1]:+.2f}]"
    "<br>corrected p %{customdata[2]:.2g} (%{hovertext}), %{customdata[3]} films": (
        "%{y} und %{x}<br>rho %{z:+.2f} [%{customdata[0]:+.2f}; %{customdata[1]:+.2f}]"
        "<br>korrigiertes p %{customdata[2]:.2g} (%{hovertext}), %{customdata[3]} Filme"
    ),
    "exact": "exakt",
    "permutation": "Permutation",
    "{} of {}, {:.0f} % [{:.0f}, {:.0f}]": "{} von {}, {:.0f} % [{:.0f}, {:.0f}]",
    "[{:.0f}, {:.0f}], {} films": "[{:.0f}, {:.0f}], {} Filme",
    "{}, component {}": "{}, Komponente {}",
    "{}, component {} ({:.0f} % of its variance)": "{}, Komponente {} ({:.0f} % der Varianz)",
}
VALIDITY = {
    "No cards are shipped with this version.": "Diese Version kommt ohne Beschreibungen.",
    "**Confusion matrix{}**: clips of the test part; each row is the truth": (
        "**Verwechslungen{}**: Ausschnitte des Testteils; jede Zeile ist die Wahrheit"
    ),
    "Confusion matrix of {} over {} clips": "Verwechslungen von {} über {} Ausschnitte",
    "**Learning curve{}**": "**Lernkurve{}**",
    "Accuracy and loss of {} over {} epochs": "Genauigkeit und Verlust von {} über {} Epochen",
    "**Reliability**: how often it is right when it is so sure, on clips that it did not learn from": (
        "**Verlässlichkeit**: wie oft es richtig liegt, wenn es so sicher ist, an Ausschnitten, aus denen es nicht "
        "gelernt hat"
    ),
    "Share of right answers of {} by their probability": "Anteil richtiger Antworten von {} nach Wahrscheinlichkeit",
    "The history of this training was not kept, so the curve{} cannot be drawn. `filmscore train` draws it for every "
    "model that it trains (figures/epochs.html beside the weights).": (
        "Der Verlauf dieses Trainings wurde nicht aufbewahrt, deshalb fehlt die Kurve{}. `filmscore train` zeichnet "
        "sie für jedes Modell, das es trainiert (figures/epochs.html neben den Gewichten)."
    ),
    " (figure {})": " (Abbildung {})",
    " (table {})": " (Tabelle {})",
    "The validity file was not analysed yet. This makes it and hears it:": (
        "Die Prüfdatei wurde noch nicht analysiert. Das erstellt und hört sie:"
    ),
    "{} Heard by {} ({}), {}.": "{} Gehört von {} ({}), {}.",
    "The file is rendered (synthetic speech, soundfont instruments): this tests the pipeline, not the ear. The models' "
    "cards report their accuracy on real recordings.": (
        "Die Datei ist künstlich (synthetische Sprache, Instrumente aus einem Soundfont): Das prüft den Ablauf, nicht "
        "das Ohr. Wie genau die Modelle bei echten Aufnahmen sind, steht in ihren Beschreibungen."
    ),
    "The songs, heard and true": "Die Lieder, gehört und wahr",
    "song": "Lied",
    ", confidence {:.0f} %": ", Sicherheit {:.0f} %",
    "true: {}": "wahr: {}",
    "{} {:.0f} % correct": "{} {:.0f} % richtig",
    "correct": "richtig",
    "simple error": "einfacher Fehler",
    "extreme error": "großer Fehler",
    "wrong": "falsch",
    "not found": "nicht gefunden",
    "This card is written in English.": "Diese Beschreibung gibt es nur auf Englisch.",
}
