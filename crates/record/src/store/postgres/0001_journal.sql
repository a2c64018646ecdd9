-- The journal, as in the SQLite store: the same tables, columns and values. Text is compared
-- as bytes there, so here too. Changes by hand are found by `annulus journal verify`.
CREATE TABLE store (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    id BYTEA NOT NULL CHECK (length(id) = 16)
);

-- One row per stream, numbered by first appearance; sequence and link are its head. Pages
-- keep room, so that a moving head stays on its page.
CREATE TABLE streams (
    number BIGINT PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE CHECK (length(id) = 16),
    kind BIGINT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    link BYTEA NOT NULL CHECK (length(link) = 32)
) WITH (fillfactor = 70);
CREATE INDEX streams_by_kind ON streams (kind, number);

-- Headers and links; position is the commit order, from 1, without gaps.
CREATE TABLE events (
    position BIGINT PRIMARY KEY,
    stream BIGINT NOT NULL REFERENCES streams (number),
    sequence BIGINT NOT NULL CHECK (sequence >= 1),
    kind TEXT COLLATE "C" NOT NULL,
    v BIGINT NOT NULL,
    at_ns BIGINT NOT NULL,
    actor BYTEA NOT NULL CHECK (length(actor) = 16),
    commitment BYTEA NOT NULL CHECK (length(commitment) = 32),
    link BYTEA NOT NULL CHECK (length(link) = 32),
    UNIQUE (stream, sequence)
);

-- What erasure removes.
CREATE TABLE payloads (
    position BIGINT PRIMARY KEY REFERENCES events (position),
    salt BYTEA NOT NULL CHECK (length(salt) = 32),
    bytes BYTEA NOT NULL
);

-- Which kinds and versions occur, so that opening need not scan.
CREATE TABLE kinds (
    kind TEXT COLLATE "C" NOT NULL,
    v BIGINT NOT NULL,
    PRIMARY KEY (kind, v)
);

-- Read models.
CREATE TABLE rows (
    model TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    stream BYTEA NOT NULL REFERENCES streams (id),
    sort TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (model, key, stream)
);
CREATE INDEX rows_by_sort ON rows (model, sort, key, stream);
CREATE INDEX rows_by_stream ON rows (stream);

-- Large things that many events refer to by SHA-256, such as knowledge.
CREATE TABLE blobs (
    sha BYTEA PRIMARY KEY CHECK (length(sha) = 32),
    bytes BYTEA NOT NULL
);

-- Signed Merkle roots over the heads of all streams.
CREATE TABLE checkpoints (
    number BIGINT PRIMARY KEY,
    at_ns BIGINT NOT NULL,
    position BIGINT NOT NULL,
    streams BIGINT NOT NULL,
    root BYTEA NOT NULL CHECK (length(root) = 32),
    previous BYTEA NOT NULL CHECK (length(previous) = 32),
    key BYTEA NOT NULL CHECK (length(key) = 32),
    signature BYTEA NOT NULL CHECK (length(signature) = 64)
);

-- Files of recorded sessions. Each line follows from events `recording` and
-- `recording-archived` of its stream; `verify` compares them.
CREATE TABLE recordings (
    session BYTEA PRIMARY KEY CHECK (length(session) = 16),
    stream BYTEA NOT NULL REFERENCES streams (id),
    bedside BYTEA NOT NULL CHECK (length(bedside) = 16),
    position BIGINT NOT NULL REFERENCES events (position),
    file TEXT COLLATE "C" NOT NULL,
    sha BYTEA NOT NULL CHECK (length(sha) = 32),
    frames BIGINT NOT NULL,
    parquet BIGINT NOT NULL CHECK (parquet IN (0, 1))
);
CREATE INDEX recordings_by_table ON recordings (bedside, position);
CREATE INDEX recordings_by_stream ON recordings (stream);
