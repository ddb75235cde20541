-- What people and several processes change. Snapshots are built from this and from the parts.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
-- `revision` counts changes; a film remembers the revision of its last one, so that a publish finds what is new.
INSERT INTO meta VALUES ('revision', '0'), ('state_id', lower(hex(randomblob(8))));

CREATE TABLE films (
    film_id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    other_title TEXT NOT NULL DEFAULT '',
    other_title_key TEXT NOT NULL DEFAULT '',
    directors TEXT NOT NULL DEFAULT '[]',
    year INTEGER,
    imdb_id TEXT NOT NULL DEFAULT '',
    rating REAL,
    votes INTEGER,
    metascore INTEGER,
    runtime_minutes INTEGER,
    countries TEXT NOT NULL DEFAULT '[]',
    languages TEXT NOT NULL DEFAULT '[]',
    locations TEXT NOT NULL DEFAULT '[]',
    genres TEXT NOT NULL DEFAULT '[]',
    "cast" TEXT NOT NULL DEFAULT '[]',
    plot TEXT NOT NULL DEFAULT '',
    collection TEXT NOT NULL DEFAULT '',
    added_at TEXT NOT NULL,
    metadata_revision INTEGER NOT NULL,
    heard_revision INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX films_title ON films (title_key);
CREATE INDEX films_other_title ON films (other_title_key);
CREATE INDEX films_imdb ON films (imdb_id);
CREATE INDEX films_metadata_revision ON films (metadata_revision);
CREATE INDEX films_heard_revision ON films (heard_revision);

CREATE TABLE media (
    film_id INTEGER PRIMARY KEY REFERENCES films ON DELETE CASCADE,
    media_sha256 TEXT NOT NULL,
    audio_track INTEGER NOT NULL,
    path TEXT NOT NULL,
    model_version TEXT NOT NULL,
    attached_at TEXT NOT NULL
);
CREATE INDEX media_sha256 ON media (media_sha256);

CREATE TABLE corrections (
    film_id INTEGER NOT NULL REFERENCES films ON DELETE CASCADE,
    start_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL,
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    actor TEXT NOT NULL DEFAULT '',
    corrected_at TEXT NOT NULL,
    PRIMARY KEY (film_id, start_s, end_s, attribute)
);

CREATE TABLE deletions (
    film_id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    media_sha256 TEXT NOT NULL DEFAULT '',
    deleted_at TEXT NOT NULL,
    revision INTEGER NOT NULL
);

CREATE TABLE decisions (
    name TEXT PRIMARY KEY,
    imdb_id TEXT NOT NULL DEFAULT '',
    film_id INTEGER REFERENCES films ON DELETE SET NULL,
    actor TEXT NOT NULL DEFAULT '',
    decided_at TEXT NOT NULL
);

CREATE TABLE jobs (
    job_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    arguments TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued',
    stage TEXT NOT NULL DEFAULT '',
    progress REAL NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT 'null',
    log TEXT NOT NULL DEFAULT '',
    actor TEXT NOT NULL DEFAULT '',
    cancel_wanted INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    started_at TEXT NOT NULL DEFAULT '',
    ended_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX jobs_status ON jobs (status);

CREATE TABLE profiles (
    name TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE TABLE feedback (
    feedback_id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}',
    given_at TEXT NOT NULL
);

CREATE TABLE audit (
    audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL
);

CREATE TABLE attempts (
    attempt_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    source TEXT NOT NULL,
    succeeded INTEGER NOT NULL
);
CREATE INDEX attempts_source ON attempts (source, at);
