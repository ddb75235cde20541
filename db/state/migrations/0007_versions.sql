-- The other versions of a film (2160p, director's cut), which are not heard; and the audio track that a person chose for
-- a file's content, which a later ingest hears again.

CREATE TABLE versions (
    path TEXT PRIMARY KEY,
    film_id INTEGER NOT NULL REFERENCES films ON DELETE CASCADE,
    found_at TEXT NOT NULL
);
CREATE INDEX versions_film ON versions (film_id);

CREATE TABLE chosen_tracks (
    media_sha256 TEXT PRIMARY KEY,
    audio_track INTEGER NOT NULL
);
