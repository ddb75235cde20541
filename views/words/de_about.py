"""German for How this works."""

from __future__ import annotations

ABOUT = {
    "From the sound of a film to a film for tonight, in plain words.": (
        "Vom Klang eines Films zum Film für heute Abend, in einfachen Worten."
    ),
    "Reading a sound print": "Einen Klangabdruck lesen",
    "Hearing": "Hören",
    "What is heard": "Was gehört wird",
    "What is heard of a film": "Was von einem Film gehört wird",
    "What is known": "Was bekannt ist",
    "What is known of a film": "Was über einen Film bekannt ist",
    "Recommending": "Empfehlen",
    "Where it comes from": "Woher es stammt",
    """
<p>This is <i>I Confess</i> (1953) as the thesis heard it. The outer arcs are the genres of its music, each as wide as
its share: classical 51 %, jazz 31 %, blues 14 %. The inner ring is the whole film: music 31 %, speech 63 %, other 6 %.
The three columns in the middle are energy, valence and danceability: one, two or three steps for low, medium, high.</p>
<p>A dotted ring means that the film has not been analysed yet, or has no music.</p>
""": """
<p>Das ist <i>I Confess</i> (1953), wie ihn die Masterarbeit gehört hat. Die äußeren Bögen sind die Genres der Musik,
jeder so breit wie sein Anteil: Klassik 51 %, Jazz 31 %, Blues 14 %. Der innere Ring ist der ganze Film: Musik 31 %,
Sprache 63 %, Anderes 6 %. Die drei Säulen in der Mitte sind Energie, Stimmung und Tanzbarkeit: eine, zwei oder drei
Stufen für niedrig, mittel, hoch.</p>
<p>Ein gepunkteter Ring heißt: Der Film ist noch nicht analysiert, oder er hat keine Musik.</p>
""",
    """
filmscore listens to a film's sound from beginning to end.

1. **Activity.** Every second is classified as music, speech or other. Music and speech may be present together.
2. **Runs of music.** Ten or more consecutive seconds of music make a run (the thesis's "segment"). Shorter passages do
   not count.
3. **Attributes.** Each run is divided into windows of ten seconds, one starting every second. A window gets a genre and
   three levels, each with a probability; the run takes the value that most of its windows have.
4. **The whole film.** A genre's share is the total length of its runs, divided by that of all runs.
""": """
filmscore hört den Ton eines Films vom Anfang bis zum Ende.

1. **Aktivität.** Jede Sekunde wird als Musik, Sprache oder Anderes eingeordnet. Musik und Sprache können zugleich da
   sein.
2. **Abschnitte mit Musik.** Zehn oder mehr Sekunden Musik ohne Unterbrechung sind ein Abschnitt (in der Arbeit
   „segment“). Kürzere Stellen zählen nicht.
3. **Merkmale.** Jeder Abschnitt wird in Fenster von zehn Sekunden geteilt; in jeder Sekunde beginnt eines. Ein Fenster
   bekommt ein Genre und drei Stufen, jeweils mit einer Wahrscheinlichkeit; der Abschnitt bekommt den Wert, den die
   meisten seiner Fenster haben.
4. **Der ganze Film.** Der Anteil eines Genres ist die Gesamtlänge seiner Abschnitte, geteilt durch die aller
   Abschnitte.
""",
    "Music, speech, other": "Musik, Sprache, Anderes",
    "% of the film": "% des Films",
    "What is heard most clearly in each second of the film.": (
        "Was in jeder Sekunde des Films am deutlichsten zu hören ist."
    ),
    "% of the music": "% der Musik",
    "What the music sounds like, one of ten: {}. A label says likeness, not origin.": (
        "Wonach die Musik klingt, eines von zehn: {}. Der Name sagt, wem sie ähnelt, nicht woher sie stammt."
    ),
    "Whether the music invites to dance: a steady tempo, a clear beat.": (
        "Ob die Musik zum Tanzen einlädt: gleichmäßiges Tempo, klarer Takt."
    ),
    "The mood of the music: dark and sad, neutral, or bright and glad. Listeners often disagree on it.": (
        "Die Stimmung der Musik: düster und traurig, neutral oder heiter und froh. Hörer sind sich darin oft uneinig."
    ),
    "How strong the music feels: quiet and slow, or loud and fast.": (
        "Wie kraftvoll die Musik wirkt: leise und langsam, oder laut und schnell."
    ),
    "Tempo": "Tempo",
    "beats a minute": "Schläge je Minute",
    "How fast the music's pulse is. Beside it, from 0 to 1, how exactly the beats repeat: free music has no pulse.": (
        "Wie schnell der Puls der Musik ist. Daneben steht, von 0 bis 1, wie genau sich die Schläge wiederholen: Freie "
        "Musik hat keinen Puls."
    ),
    "Acousticness": "Akustik",
    "0 to 1": "0 bis 1",
    "Acoustic instruments (1) or electric ones (0). It orders music and is no probability.": (
        "Akustische Instrumente (1) oder elektrische (0). Der Wert ordnet Musik und ist keine Wahrscheinlichkeit."
    ),
    "Instrumentalness": "Instrumentalität",
    "Nobody sings (1) or somebody does (0). It orders music and is no probability.": (
        "Niemand singt (1), oder jemand singt (0). Der Wert ordnet Musik und ist keine Wahrscheinlichkeit."
    ),
    "Rating, votes": "Bewertung, Stimmen",
    "1 to 10": "1 bis 10",
    "IMDb's mean rating, and by how many. Few votes count for less.": (
        "Die mittlere Bewertung bei IMDb, und von wie vielen. Wenige Stimmen zählen weniger."
    ),
    "0 to 100": "0 bis 100",
    "The critics' mean, by Metacritic. Mining divides it by ten, as ratings are.": (
        "Das Mittel der Kritik, von Metacritic. Die Auswertung teilt es durch zehn, wie die Bewertungen."
    ),
    "Year, runtime": "Jahr, Länge",
    "year, minutes": "Jahr, Minuten",
    "When the film came out, and how long it is.": "Wann der Film erschien und wie lang er ist.",
    "Countries, locations": "Länder, Drehorte",
    "names": "Namen",
    "Who made it, and where it was filmed.": "Wer ihn produziert hat und wo gedreht wurde.",
    "Film genres": "Filmgenres",
    "Crime, drama, ...: of the film, not of its music.": "Krimi, Drama, ...: die des Films, nicht seiner Musik.",
    "Director, cast": "Regie, Besetzung",
    "Who made the film, and who plays in it.": "Wer den Film gemacht hat und wer darin spielt.",
    """
Every film is described by a few blocks: its music, its sound in finer detail, its film genres, people, plot,
reception, time and place, and, where they are known, its dialogue, pictures and faces. Each film is compared with
each film that you like, block by block, and scored by the mean of its closest matches among your likes. So two
different tastes both get answers, not films that lie between them. Films that you hide count against films like
them, and a good rating adds a little.

The slider *Story / Sound* moves weight from what a film is about to how it sounds. The bars on a card are the parts
of its score: they sum to it, and a negative part speaks against the film. Films whose sound has not been analysed are
compared by their metadata.
""": """
Jeder Film ist durch einige Blöcke beschrieben: seine Musik, seinen Klang im Einzelnen, Filmgenres, Beteiligte,
Handlung, Bewertung, Zeit und Ort und, wo sie bekannt sind, Dialog, Bilder und Gesichter. Jeder Film wird mit jedem
deiner Lieblingsfilme verglichen, Block für Block; seine Punktzahl ist das Mittel der größten Ähnlichkeiten. So
bekommen zwei verschiedene Vorlieben beide ihre Vorschläge, nicht Filme, die dazwischen liegen. Ausgeblendete Filme
zählen gegen ähnliche Filme, und eine gute Bewertung hilft ein wenig.

Der Regler *Inhalt / Klang* verschiebt das Gewicht von dem, worum es geht, zu dem, wie ein Film klingt. Die Balken auf
einer Karte sind die Teile der Punktzahl: Zusammen ergeben sie diese, und ein negativer Teil spricht gegen den Film.
Filme, deren Ton noch nicht analysiert ist, werden nach ihren Metadaten verglichen.
""",
    """
*Mining* shows which attributes go together and whether directors differ. With many pairs of attributes, some go
together by chance; the p-values are corrected for that. A plot in which directors lie apart is not a proof. The
section "Telling directors apart" tests the difference on held-out films, and compares it with shuffled directors.
""": """
Die *Auswertung* zeigt, welche Merkmale zusammenhängen und ob sich Regisseure unterscheiden. Bei vielen Paaren von
Merkmalen hängen manche durch Zufall zusammen; die p-Werte sind dafür korrigiert. Dass Regisseure in einer Abbildung
getrennt liegen, beweist noch nichts. Der Abschnitt „Regisseure erkennen“ prüft den Unterschied an zurückgehaltenen
Filmen und vergleicht ihn mit gemischten Regisseuren.
""",
    """
filmscore follows A. Karydis, *Deep learning music information retrieval for content-based movie
recommendation* (MSc thesis, 2020). Where filmscore differs from the thesis, the page says so. The models were trained
on music that is not film music: read a genre as "sounds like", and a level as a tendency.
""": """
filmscore folgt A. Karydis, *Deep learning music information retrieval for content-based movie recommendation*
(Masterarbeit, 2020). Wo filmscore von der Arbeit abweicht, sagt es die Seite. Die Modelle wurden an Musik trainiert,
die keine Filmmusik ist: Lies ein Genre als „klingt wie“ und eine Stufe als Tendenz.
""",
}
