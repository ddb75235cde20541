"""German for Tonight, Map, Mining and Validity."""

from __future__ import annotations

TONIGHT = {
    "Remove {}": "{} entfernen",
    "Add a person": "Person hinzufügen",
    "Add a saved search": "Gespeicherte Suche hinzufügen",
    "Add the people who watch tonight, each with a film or more that they like.": (
        "Füge alle hinzu, die heute Abend zuschauen, jeweils mit einem Lieblingsfilm oder mehr."
    ),
    "Films for several people. A film that somebody would not like comes later, however much the others like it.": (
        "Filme für mehrere Menschen. Was jemandem nicht gefallen würde, kommt später, so sehr es die anderen mögen."
    ),
    "Films that {} likes": "Lieblingsfilme von {}",
    "Leave out my list of seen films": "Meine gesehenen Filme weglassen",
    "Longest film, in minutes": "Längster Film, in Minuten",
    "Not counted yet, because no film is named: {}.": "Zählt noch nicht, weil kein Film genannt ist: {}.",
    "Seen already": "Schon gesehen",
    "The link holds the people, their films and the limits.": "Der Link enthält alle Personen, Filme und Grenzen.",
    "Ann, then Enter": "Anna, dann Eingabetaste",
    "Choose one": "Eine auswählen",
    "Share of the films that each person likes less": "Anteil der Filme, die jeder weniger mag",
    "The bars: the share of the films that each person would like less than this one.": (
        "Die Balken: der Anteil der Filme, die jeder weniger mögen würde als diesen."
    ),
}
MAP = {
    "There is nothing to show yet: no film has the data that this map compares.": (
        "Hier gibt es noch nichts zu zeigen: Kein Film hat die Daten, die diese Karte vergleicht."
    ),
    "Only one film has the data that this map compares; a distance needs two.": (
        "Nur ein Film hat die Daten, die diese Karte vergleicht; ein Abstand braucht zwei."
    ),
    "Two films: a map is useful from three films on.": "Zwei Filme: Eine Karte ist ab drei Filmen nützlich.",
    "All of these films have the same data here, so their places have no meaning.": (
        "Alle diese Filme haben hier dieselben Daten; ihre Orte bedeuten nichts."
    ),
    "Laying out the map": "Die Karte wird ausgelegt",
    "Closer": "Näher",
    "Farther": "Weiter weg",
    "Whole map": "Ganze Karte",
    "Draw around": "Umfahren",
    "List what is in view": "Sichtbares auflisten",
    "Save as picture": "Als Bild sichern",
    "Arrow keys move the map, plus and minus change its scale, 0 shows the whole map, "
    "Enter opens what is nearest to the middle, Escape ends a choice.": (
        "Pfeiltasten bewegen die Karte, Plus und Minus ändern ihren Maßstab, 0 zeigt die ganze Karte, "
        "die Eingabetaste öffnet, was der Mitte am nächsten ist, Escape beendet eine Auswahl."
    ),
    "{0} is nearest to the middle; {1} in view": "{0} ist der Mitte am nächsten; {1} im Bild",
    "Nothing in view": "Nichts im Bild",
    "{} chosen": "{} ausgewählt",
    "unknown": "unbekannt",
    "{0} {1}": "{1} {0}",
    "scenes": "Szenen",
    "A path leads from film to film. Choose a map of films, not of scenes.": (
        "Ein Weg führt von Film zu Film. Wähle eine Karte von Filmen, nicht von Szenen."
    ),
    "Choose a film": "Film wählen",
    "Click a film to open it; draw around several to see what sets them apart.": (
        "Ein Klick öffnet einen Film; umfahre mehrere, um zu sehen, was sie auszeichnet."
    ),
    "Colour by": "Farbe nach",
    "Colour, find a film, path": "Farbe, Film suchen, Weg",
    "Music genre": "Musikgenre",
    "No feature of these films differs from the others beyond chance.": (
        "Kein Merkmal dieser Filme weicht stärker von den anderen ab, als der Zufall erklärt."
    ),
    "Open the film": "Film öffnen",
    "Path": "Weg",
    "Path to": "Weg nach",
    "Show a film": "Film zeigen",
    "Similar films are near each other.": "Ähnliche Filme liegen nah beieinander.",
    "The chosen films": "Die gewählten Filme",
    "Open these films as a list": "Diese Filme als Liste öffnen",
    "From the map": "Von der Karte",
    "The first {} are listed.": "Die ersten {} stehen hier.",
    "What sets these apart: {}.": "Was diese auszeichnet: {}.",
    "energy, 0 to 2": "Energie, 0 bis 2",
    "{:,} films are not shown: they have nothing to compare here.": (
        "{:,} Filme fehlen: Bei ihnen gibt es hier nichts zu vergleichen."
    ),
    "{} {} as points, coloured by {}; near ones are alike": "{} {} als Punkte, Farbe nach {}; nahe sind ähnlich",
    "{:,} {}. Only the distances have a meaning, not the axes. {}": (
        "{:,} {}. Nur die Abstände bedeuten etwas, nicht die Achsen. {}"
    ),
    "How films sound": "Wie Filme klingen",
    "What they are about": "Wovon sie handeln",
    "How they look": "Wie sie aussehen",
    "Single scenes": "Einzelne Szenen",
}
MINING = {
    "Preparing the table": "Die Tabelle wird vorbereitet",
    "Comparing every pair": "Jedes Paar wird verglichen",
    "Projecting the films": "Die Filme werden projiziert",
    "Holding films out": "Filme werden zurückgehalten",
    "Shading the regions": "Die Gebiete werden gefärbt",
    """
Rank correlation, PCA and the SVM want numbers, and a film's record has words. The two encodings differ where:

* **Categories.** The thesis gives each country, string of film genres, string of music genres and director the integer
  of its place in the alphabet. The alphabet's order means nothing, but the numbers are compared as if it did. The
  recommended encoding gives each common country, film genre and director a column of its own: 1 has it, 0 has not.
* **Metascore.** Both divide it by 10, to the scale of the rating (the thesis's "multiplied" is a slip). Where it is
  missing the thesis takes the rating, so that the two agree by construction; the recommended one leaves it unknown.
* **Levels** are 0, 1, 2 in both: their order is real.
""": """
Rangkorrelation, PCA und SVM brauchen Zahlen; ein Film ist mit Worten beschrieben. So unterscheiden sich die zwei:

* **Kategorien.** Die Arbeit gibt jedem Land, jeder Folge von Genres und jeder Regie die Nummer ihres Platzes im
  Alphabet. Diese Ordnung bedeutet nichts, die Zahlen werden aber so verglichen. Die empfohlene Kodierung gibt jedem
  häufigen Land, Filmgenre und jeder Regie eine eigene Spalte: 1 trifft zu, 0 nicht.
* **Metascore.** Beide teilen ihn durch 10, auf die Skala der Bewertung (das „multipliziert“ der Arbeit ist ein
  Versehen). Wo er fehlt, nimmt die Arbeit die Bewertung, sodass beide zwangsläufig übereinstimmen; die empfohlene
  Kodierung lässt ihn unbekannt.
* **Stufen** sind in beiden 0, 1, 2: Ihre Reihenfolge ist echt.
""",
    "Below {} films p is the share of orders of the films that correlate as strongly (all orders up to {} films, {:,} "
    "drawn ones beyond); from there on it comes from Student's t. Intervals are bootstrapped over {} to {:,} films; of "
    "fewer and of more films they come from Fisher's z (Bonett and Wright 2000).": (
        "Unter {} Filmen ist p der Anteil der Anordnungen der Filme, die ebenso stark korrelieren (alle bis {} Filme, "
        "darüber {:,} gezogene); von da an kommt es aus Students t. Intervalle sind über {} bis {:,} Filme "
        "gebootstrappt; bei weniger und bei mehr Filmen kommen sie aus Fishers z (Bonett und Wright 2000)."
    ),
    "Each share as the logarithm of its ratio to the geometric mean of its whole; a share of 0 % counts as {:g} %. It "
    "loosens what shares of one whole have in common by construction, and does not end it.": (
        "Jeder Anteil als Logarithmus seines Verhältnisses zum geometrischen Mittel seines Ganzen; ein Anteil von 0 % "
        "zählt als {:g} %. Das lockert, was Anteile eines Ganzen zwangsläufig gemeinsam haben, und beendet es nicht."
    ),
    "Benjamini-Hochberg (few false positives)": "Benjamini-Hochberg (wenige falsche Funde)",
    "Holm (no false positives)": "Holm (keine falschen Funde)",
    "nothing": "nichts",
    "Film genres and director (figure 30)": "Filmgenres und Regie (Abbildung 30)",
    "Said and seen (founded encoding)": "Gesagt und gesehen (empfohlene Kodierung)",
    "All attributes (figure 25)": "Alle Merkmale (Abbildung 25)",
    "Rating and Metascore (figure 26)": "Bewertung und Metascore (Abbildung 26)",
    "Director and year (figure 27)": "Regie und Jahr (Abbildung 27)",
    "Music, speech and other (figure 28)": "Musik, Sprache und Anderes (Abbildung 28)",
    "Danceability, valence, energy and director (figure 29)": "Tanzbarkeit, Stimmung, Energie, Regie (Abbildung 29)",
    "What sets directors apart": "Was Regisseure unterscheidet",
    "The thesis's chapter 6, with its figures, on the films of this catalogue.": (
        "Kapitel 6 der Masterarbeit mit ihren Abbildungen, für die Filme dieses Katalogs."
    ),
    "Encoding": "Kodierung",
    "Recommended encoding": "Empfohlene Kodierung",
    "As in the thesis": "Wie in der Arbeit",
    "How words become numbers; the section Table explains the difference.": (
        "Wie Worte zu Zahlen werden; der Abschnitt Tabelle erklärt den Unterschied."
    ),
    "Section": "Abschnitt",
    "Correlations": "Korrelationen",
    "Projection": "Projektion",
    "Decision surfaces": "Entscheidungsflächen",
    "Telling directors apart": "Regisseure erkennen",
    "Table": "Tabelle",
    "{:,} of {:,} films have no music yet; they are left out of what needs music.": (
        "{:,} von {:,} Filmen haben noch keine Musik; sie fehlen, wo Musik gebraucht wird."
    ),
    "Which attributes": "Welche Merkmale",
    "P-values corrected by": "p-Werte korrigiert nach",
    "Shares as centred log-ratios": "Anteile als zentrierte Log-Verhältnisse",
    "Heatmap of Spearman's rank correlation of {} attributes. {}": (
        "Heatmap von Spearmans Rangkorrelation von {} Merkmalen. {}"
    ),
    "Show all {} attributes": "Alle {} Merkmale zeigen",
    "Drawn are the {} attributes of the strongest pairs, of {}. Pairs are counted and p-values corrected over all.": (
        "Gezeichnet sind die {} Merkmale der stärksten Paare, von {}. Gezählt und korrigiert wird über alle Paare."
    ),
    "A number stands where the corrected p is below 0.05 ({} of {} pairs). {}": (
        "Eine Zahl steht, wo das korrigierte p unter 0,05 liegt ({} von {} Paaren). {}"
    ),
    "Percentages of one whole (the ten music genres; music, speech and other) sum to 100: where one rises, another "
    "must fall. Measures of one thing (how many faces; how much is said) rise together. Such pairs are in the "
    "figure, but not among what goes together.": (
        "Anteile eines Ganzen (die zehn Musikgenres; Musik, Sprache und Anderes) ergeben zusammen 100: Steigt einer, "
        "muss ein anderer fallen. Maße einer Sache (wie viele Gesichter; wie viel gesprochen wird) steigen gemeinsam. "
        "Solche Paare stehen in der Abbildung, aber nicht bei dem, was zusammengehört."
    ),
    "The same for all films, so their correlation is undefined: {}.": (
        "Für alle Filme gleich, deshalb ohne Korrelation: {}."
    ),
    "Two attributes": "Zwei Merkmale",
    "Across": "Waagrecht",
    "Up": "Senkrecht",
    "Scatter of {} against {}, one mark a film, by director": "{} gegen {}, ein Zeichen je Film, nach Regie",
    "{} and {}: rho {:+.2f} [{:+.2f}, {:+.2f}] over {} films": (
        "{} und {}: rho {:+.2f} [{:+.2f}; {:+.2f}] über {} Filme"
    ),
    "{} (95 % interval).": "{} (95-%-Intervall).",
    "Plane": "Ebene",
    "Music (figure 31)": "Musik (Abbildung 31)",
    "Metadata (figure 32)": "Metadaten (Abbildung 32)",
    "In the plane of": "In der Ebene von",
    "metadata and music (figure 33)": "Metadaten und Musik (Abbildung 33)",
    "what is said and seen": "Gesagtem und Gesehenem",
    "One of each (figure 33)": "Je eine (Abbildung 33)",
    "As is (features not standardised)": "Unverändert (Merkmale nicht standardisiert)",
    "{} films on a plane. {}": "{} Filme in einer Ebene. {}",
    "Of the variance: {}.": "Von der Varianz: {}.",
    "What the components are made of": "Woraus die Komponenten bestehen",
    "The features with the largest loadings. {}": "Die Merkmale mit den größten Ladungen. {}",
    "Drawn are {:,} of {:,} films, chosen at random once; what is computed, and the data as CSV, has them all.": (
        "Gezeichnet sind {:,} von {:,} Filmen, einmal zufällig gewählt; gerechnet wird mit allen, und die CSV-Datei "
        "enthält alle."
    ),
    "One film in both": "Ein Film in beiden",
    "One film as it is known, in the thesis's encoding and in the recommended one": (
        "Ein Film, wie er bekannt ist, in der Kodierung der Arbeit und in der empfohlenen"
    ),
    "The table, {}": "Die Tabelle, {}",
    "The preprocessed table: one row a film": "Die vorbereitete Tabelle: eine Zeile je Film",
    "{:,} films, {:,} with music; {} columns. Shares and durations are percent.": (
        "{:,} Filme, {:,} mit Musik; {} Spalten. Anteile und Dauern in Prozent."
    ),
    "The first {:,} rows are shown; the table as CSV has them all.": (
        "Die ersten {:,} Zeilen; die Tabelle als CSV enthält alle."
    ),
    "Table as CSV": "Tabelle als CSV",
    "Left out, because they have no music or a value is missing: {} films.": (
        "Weggelassen, weil Musik oder ein Wert fehlt: {} Filme."
    ),
    "Directors of": "Regisseure von",
    "Or choose directors": "Oder Regisseure wählen",
    "Directors": "Regisseure",
    "Decision surfaces of an SVM for {}. {}": "Entscheidungsflächen einer SVM für {}. {}",
    "The SVM has seen these films. Whether it can tell films it has not seen is the next section's question.": (
        "Die SVM kennt diese Filme. Ob sie unbekannte Filme zuordnen kann, fragt der nächste Abschnitt."
    ),
    "Fewer than two of these directors have films with music here; all directors are shown.": (
        "Weniger als zwei dieser Regisseure haben hier Filme mit Musik; gezeigt werden alle."
    ),
    "not tested yet": "noch nicht getestet",
    "from {} shuffles": "aus {} Durchgängen",
    "All directors (figure 34)": "Alle Regisseure (Abbildung 34)",
    "Hitchcock, Nolan, Burton, Allen (figure 35)": "Hitchcock, Nolan, Burton, Allen (Abbildung 35)",
    "Hitchcock, Coen Brothers, Jackson, Polanski (figure 36)": (
        "Hitchcock, die Brüder Coen, Jackson, Polanski (Abbildung 36)"
    ),
    "Nolan, Eastwood, Almodovar (figure 37)": "Nolan, Eastwood, Almodóvar (Abbildung 37)",
    "source": "Quelle",
    "balanced accuracy": "ausgewogene Genauigkeit",
    "accuracy": "Genauigkeit",
    "guessing": "Raten",
    "always the commonest": "immer der häufigste",
    "directors shuffled": "Regie gemischt",
    "{} films of {} directors in {} folds; p {}: the share of shuffles that do as well, corrected (Holm) for as many "
    "questions as there are sources. Balanced: each director counts the same, however many films.": (
        "{} Filme von {} Regisseuren in {} Teilen; p {}: der Anteil der Durchgänge, die ebenso gut sind, korrigiert "
        "(Holm) für so viele Fragen, wie es Quellen gibt. Ausgewogen: Jeder Regisseur zählt gleich viel."
    ),
    "Balanced accuracy, accuracy, that of the commonest director, and chance, of each source": (
        "Ausgewogene Genauigkeit, Genauigkeit, die des häufigsten Regisseurs und Zufall, je Quelle"
    ),
    "Can the director be told from a film's music alone, from its metadata alone, from both, from what is said or "
    "seen in it? An SVM is trained on some films and classifies the others, alternately; then once more with the "
    "directors shuffled, to see what chance can do.": (
        "Lässt sich die Regie an der Musik allein erkennen, an den Metadaten, an beidem, an dem, was gesagt oder "
        "gezeigt wird? Eine SVM lernt abwechselnd an einem Teil der Filme und ordnet die anderen zu; dann noch einmal "
        "mit gemischten Regisseuren, um zu sehen, was der Zufall vermag."
    ),
    "Test against chance: directors shuffled {} times": "Gegen den Zufall prüfen: Regie {}-mal mischen",
    "Balanced accuracy from each source beside chance. {}": "Ausgewogene Genauigkeit je Quelle neben dem Zufall. {}",
    "Confusions from": "Verwechslungen nach",
    "Each row is the true director, each column the director that the SVM chose; the numbers are films.": (
        "Jede Zeile ist die wahre Regie, jede Spalte die von der SVM gewählte; die Zahlen sind Filme."
    ),
    "Confusion matrix of {} directors from {}. {}": "Verwechslungen von {} Regisseuren nach {}. {}",
    "Shuffling the directors. You may leave this page and return: {} of {}.": (
        "Die Regie wird gemischt. Du kannst die Seite verlassen und wiederkommen: {} von {}."
    ),
}
VALIDITY = {
    "A film whose truth is known second by second, heard by the same models as every other.": (
        "Ein Film, dessen Wahrheit Sekunde für Sekunde bekannt ist, gehört von denselben Modellen wie jeder andere."
    ),
    "How well it hears": "Wie gut es hört",
    "The models": "Die Modelle",
    "The songs": "Die Lieder",
    "Card of": "Beschreibung von",
    "Label heard and true label over {} seconds; {:.0f} % of the seconds agree": (
        "Gehörte und wahre Klasse über {} Sekunden; {:.0f} % der Sekunden stimmen überein"
    ),
    "{:.0f} % of the seconds carry the right label; music F1 {:.2f}, speech F1 {:.2f}.": (
        "{:.0f} % der Sekunden sind richtig; F1 für Musik {:.2f}, für Sprache {:.2f}."
    ),
    "Correct: as it is. Simple error: one level off. Extreme error: low for high, or high for low. ": (
        "Richtig: wie es ist. Einfacher Fehler: eine Stufe daneben. Großer Fehler: niedrig statt hoch oder umgekehrt. "
    ),
}
SENSES = {
    "{} % of the film": "{} % des Films",
    "{} % of the music": "{} % der Musik",
    "energy of ten seconds": "Energie von zehn Sekunden",
    "somebody speaks in {:.0f} % of the film": "in {:.0f} % des Films spricht jemand",
    "{:.0f} words a minute": "{:.0f} Wörter je Minute",
    "the longest silence lasts {}": "die längste Stille dauert {}",
    "{:.0f} % of the sentences are questions": "{:.0f} % der Sätze sind Fragen",
    "vocabulary {:.2f}": "Wortschatz {:.2f}",
    "{} (sentiment {:+.2f}, English only)": "{} (Stimmung {:+.2f}, nur für Englisch)",
    "dark words": "düstere Worte",
    "rather dark words": "eher düstere Worte",
    "even words": "ausgeglichene Worte",
    "rather bright words": "eher heitere Worte",
    "By the subtitles ({}): {}.": "Nach den Untertiteln ({}): {}.",
    "Talk of: {}.": "Gesprochen wird von: {}.",
    "Captions for the deaf tell of music {} times; it was heard in {} of them ({:.0f} %).": (
        "Untertitel für Gehörlose nennen {}-mal Musik; in {} davon wurde sie gehört ({:.0f} %)."
    ),
    "{} (brightness {:.2f} of 1, {:.0f} % dark)": "{} (Helligkeit {:.2f} von 1, {:.0f} % dunkel)",
    "of middle brightness": "mittelhell",
    "in black and white": "in Schwarz-Weiß",
    "saturation {:.2f}": "Sättigung {:.2f}",
    "colourfulness {:.0f}": "Farbigkeit {:.0f}",
    "{:.1f} cuts a minute": "{:.1f} Schnitte je Minute",
    "{:.1f} to {:.1f} cuts a minute": "{:.1f} bis {:.1f} Schnitte je Minute",
    "in high dynamic range (its brightness is only roughly that of other films)": (
        "mit hohem Dynamikumfang (die Helligkeit ist nur ungefähr mit anderen Filmen vergleichbar)"
    ),
    "By {} frames: {}.": "Nach {} Bildern: {}.",
    "{}, {:.0f} % of the picture": "{}, {:.0f} % des Bildes",
    "The film's colours: {}": "Die Farben des Films: {}",
    "Faces: no face was found.": "Gesichter: Es wurde keines gefunden.",
    "Faces: a face in {:.0f} % of {} frames, {:.0f} % close-ups.": (
        "Gesichter: in {:.0f} % von {} Bildern, {:.0f} % Nahaufnahmen."
    ),
    "Expressions: {}.": "Mimik: {}.",
    "happy": "fröhlich",
    "sad": "traurig",
    "angry": "zornig",
    "fearful": "ängstlich",
    "disgusted": "angewidert",
    "surprised": "erstaunt",
    "Music in {:.0f} % of the film, speech in {:.0f} %, both at once in {:.0f} %; the pie counts each second once.": (
        "Musik in {:.0f} % des Films, Sprache in {:.0f} %, beides zugleich in {:.0f} %; im Kreis zählt jede Sekunde "
        "einmal."
    ),
    "beat regularity {:.2f}": "Regelmäßigkeit des Takts {:.2f}",
    "acousticness": "Akustik",
    "instrumentalness": "Instrumentalität",
}
