-- Schema of catalogue.duckdb in a snapshot. Small, searchable tables are stored here. Large ones (activity, runs,
-- embeddings, vectors) are stored in segments/*.parquet next to it, immutable and shared between snapshots; see
-- docs/decisions/0001-snapshots.md.
-- Read them through the table macros below: SELECT * FROM runs('<snapshot directory>').

CREATE TABLE films (
    film_id INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    other_title VARCHAR NOT NULL,
    directors VARCHAR[] NOT NULL,
    year INTEGER,
    imdb_id VARCHAR NOT NULL,
    rating DOUBLE,
    votes INTEGER,
    metascore INTEGER,
    runtime_minutes INTEGER,
    countries VARCHAR[] NOT NULL,
    languages VARCHAR[] NOT NULL,
    locations VARCHAR[] NOT NULL,
    genres VARCHAR[] NOT NULL,
    "cast" VARCHAR[] NOT NULL,
    writers VARCHAR[] NOT NULL,
    composers VARCHAR[] NOT NULL,
    tags VARCHAR[] NOT NULL,
    film_set VARCHAR NOT NULL,
    plot VARCHAR NOT NULL,
    collection VARCHAR NOT NULL,
    media_path VARCHAR NOT NULL,
    media_sha256 VARCHAR NOT NULL,
    added_at VARCHAR NOT NULL
);

-- Unrounded percentages (thesis Table 16), computed from the corrected values of corrected runs.
CREATE TABLE summaries (
    film_id INTEGER NOT NULL,
    blues DOUBLE NOT NULL, rock DOUBLE NOT NULL, pop DOUBLE NOT NULL, metal DOUBLE NOT NULL, jazz DOUBLE NOT NULL,
    classical DOUBLE NOT NULL, electronic DOUBLE NOT NULL, hiphop DOUBLE NOT NULL, country DOUBLE NOT NULL,
    dance DOUBLE NOT NULL,
    danceability_low DOUBLE NOT NULL, danceability_medium DOUBLE NOT NULL, danceability_high DOUBLE NOT NULL,
    valence_negative DOUBLE NOT NULL, valence_neutral DOUBLE NOT NULL, valence_positive DOUBLE NOT NULL,
    energy_low DOUBLE NOT NULL, energy_medium DOUBLE NOT NULL, energy_high DOUBLE NOT NULL,
    music DOUBLE NOT NULL, speech DOUBLE NOT NULL, other DOUBLE NOT NULL,
    music_present DOUBLE, speech_present DOUBLE, music_under_speech DOUBLE,
    loudness_lufs DOUBLE, music_loudness_lufs DOUBLE,
    dominant_danceability VARCHAR, dominant_valence VARCHAR, dominant_energy VARCHAR,
    further MAP(VARCHAR, DOUBLE) NOT NULL,
    duration_s DOUBLE NOT NULL,
    model_version VARCHAR NOT NULL
);

-- What is said and seen (docs/senses.md): a row for each film that has the sense.
CREATE TABLE dialogues (
    film_id INTEGER NOT NULL,
    language VARCHAR NOT NULL,
    share DOUBLE NOT NULL, words_per_minute DOUBLE, longest_silence_s DOUBLE NOT NULL, vocabulary DOUBLE,
    questions DOUBLE NOT NULL, exclamations DOUBLE NOT NULL,
    sentiment DOUBLE, sentiment_curve DOUBLE[] NOT NULL,
    music_captions INTEGER NOT NULL, music_captions_heard DOUBLE,
    terms MAP(VARCHAR, INTEGER) NOT NULL,
    source VARCHAR NOT NULL, embedding VARCHAR NOT NULL,
    music_caption_spans DOUBLE[][] NOT NULL
);
CREATE TABLE pictures (
    film_id INTEGER NOT NULL,
    brightness DOUBLE NOT NULL, brightness_spread DOUBLE NOT NULL, contrast DOUBLE NOT NULL,
    saturation DOUBLE NOT NULL, warmth DOUBLE NOT NULL, colourfulness DOUBLE NOT NULL,
    black_and_white BOOLEAN NOT NULL, dark_share DOUBLE NOT NULL,
    cuts_per_minute DOUBLE NOT NULL, cuts_per_minute_most DOUBLE NOT NULL,
    palette INTEGER[][] NOT NULL, palette_shares DOUBLE[] NOT NULL,
    aspect_ratio DOUBLE NOT NULL, bars DOUBLE NOT NULL,
    brightness_curve DOUBLE[] NOT NULL,
    high_range BOOLEAN NOT NULL, frames INTEGER NOT NULL,
    colour_print VARCHAR NOT NULL, embedding VARCHAR NOT NULL
);
CREATE TABLE faces (
    film_id INTEGER NOT NULL,
    share DOUBLE NOT NULL, faces_per_frame DOUBLE NOT NULL, close_up_share DOUBLE NOT NULL,
    expressions MAP(VARCHAR, DOUBLE) NOT NULL, expression_curves MAP(VARCHAR, DOUBLE[]) NOT NULL,
    frames INTEGER NOT NULL
);

-- The segment that holds a film's current rows; rows in other segments are superseded.
CREATE TABLE located (
    film_id INTEGER NOT NULL,
    analysis_segment VARCHAR,
    vector_segment VARCHAR NOT NULL,
    prior FLOAT NOT NULL
);

CREATE TABLE models (
    model_version VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    metrics VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    trained_at VARCHAR NOT NULL
);

CREATE MACRO capitalised(word) AS upper(word[1]) || word[2:];

-- The thesis's 25 columns (Table 17) in its order, then ours. The thesis has two columns "Country", the music's and the
-- film's; where names must differ the second is "Country.1", as pandas calls it when it reads the exported CSV.
CREATE VIEW enhanced_dataset AS SELECT
    f.title AS "Movie",
    s.blues AS "Blues", s.rock AS "Rock", s.pop AS "Pop", s.metal AS "Metal", s.jazz AS "Jazz",
    s.classical AS "Classical", s.electronic AS "Electronic", s.hiphop AS "Hiphop", s.country AS "Country",
    s.dance AS "Dance",
    s.music AS "Music Duration", s.speech AS "Speech Duration", s.other AS "Other Duration",
    array_to_string(f.directors, ', ') AS "Director",
    f.year AS "Year", f.rating AS "Rating", f.metascore AS "Metascore",
    array_to_string(f.countries, ', ') AS "Country.1",
    array_to_string(f.locations, ' | ') AS "Locations",
    array_to_string(f.genres, ', ') AS "Movie Genres",
    array_to_string(f."cast", ', ') AS "Cast",
    capitalised(s.dominant_energy) AS "Energy",
    capitalised(s.dominant_danceability) AS "Danceability",
    capitalised(s.dominant_valence) AS "Valence",
    f.film_id AS "Film Id", f.imdb_id AS "IMDb Id", f.other_title AS "Other Title",
    f.runtime_minutes AS "Runtime Minutes", f.votes AS "Votes",
    array_to_string(f.languages, ', ') AS "Languages", f.collection AS "Collection",
    s.danceability_low AS "Danceability Low", s.danceability_medium AS "Danceability Medium",
    s.danceability_high AS "Danceability High",
    s.valence_negative AS "Valence Negative", s.valence_neutral AS "Valence Neutral",
    s.valence_positive AS "Valence Positive",
    s.energy_low AS "Energy Low", s.energy_medium AS "Energy Medium", s.energy_high AS "Energy High",
    s.further['acousticness'] AS "Acousticness", s.further['instrumentalness'] AS "Instrumentalness",
    s.further['tempo_bpm'] AS "Tempo BPM", s.further['tempo_confidence'] AS "Tempo Confidence",
    s.duration_s AS "Heard Seconds", s.model_version AS "Model Version", f.media_sha256 AS "Media SHA256",
    s.music_present AS "Music Present", s.speech_present AS "Speech Present",
    s.music_under_speech AS "Music Under Speech",
    d.language AS "Dialogue Language", 100 * d.share AS "Dialogue", d.words_per_minute AS "Words Per Minute",
    d.longest_silence_s AS "Longest Silence Seconds", d.vocabulary AS "Vocabulary",
    100 * d.questions AS "Questions", 100 * d.exclamations AS "Exclamations", d.sentiment AS "Sentiment",
    p.brightness AS "Brightness", p.brightness_spread AS "Brightness Spread", p.contrast AS "Contrast",
    p.saturation AS "Saturation", p.warmth AS "Warmth", p.colourfulness AS "Colourfulness",
    100 * p.dark_share AS "Dark Frames", p.cuts_per_minute AS "Cuts Per Minute",
    p.aspect_ratio AS "Aspect Ratio", p.black_and_white AS "Black And White",
    array_to_string([printf('#%02x%02x%02x', c[1], c[2], c[3]) FOR c IN p.palette], ' ') AS "Palette",
    100 * e.share AS "Frames With Faces", e.faces_per_frame AS "Faces Per Frame", 100 * e.close_up_share AS "Close-ups",
    100 * e.expressions['neutral'] AS "Faces Neutral", 100 * e.expressions['happy'] AS "Faces Happy",
    100 * e.expressions['sad'] AS "Faces Sad", 100 * e.expressions['angry'] AS "Faces Angry",
    100 * e.expressions['fearful'] AS "Faces Fearful", 100 * e.expressions['disgusted'] AS "Faces Disgusted",
    100 * e.expressions['surprised'] AS "Faces Surprised",
    array_to_string(f.composers, ', ') AS "Composers",
    s.loudness_lufs AS "Loudness LUFS", s.music_loudness_lufs AS "Music Loudness LUFS"
FROM films f LEFT JOIN summaries s USING (film_id) LEFT JOIN dialogues d USING (film_id)
    LEFT JOIN pictures p USING (film_id) LEFT JOIN faces e USING (film_id)
ORDER BY f.film_id;

CREATE MACRO activity(directory) AS TABLE
    SELECT a.* EXCLUDE (segment) FROM read_parquet(directory || '/segments/*.activity.parquet') a
    JOIN located l ON l.film_id = a.film_id AND l.analysis_segment = a.segment;
CREATE MACRO runs(directory) AS TABLE
    SELECT r.* EXCLUDE (segment) FROM read_parquet(directory || '/segments/*.runs.parquet') r
    JOIN located l ON l.film_id = r.film_id AND l.analysis_segment = r.segment;
CREATE MACRO vectors(directory) AS TABLE
    SELECT v.* EXCLUDE (segment) FROM read_parquet(directory || '/segments/*.vectors.parquet') v
    JOIN located l ON l.film_id = v.film_id AND l.vector_segment = v.segment;
