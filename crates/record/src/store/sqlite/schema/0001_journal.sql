-- The journal. Read it with `annulus journal export`; changes by hand are found by `verify`.
CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;

-- One row per stream, numbered by first appearance; sequence and link are its head.
CREATE TABLE streams (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind INTEGER NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    link BLOB NOT NULL CHECK (length(link) = 32)
) STRICT;
CREATE INDEX streams_by_kind ON streams (kind, number);

-- Headers and links; position is the commit order, from 1, without gaps.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (number),
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    kind TEXT NOT NULL,
    v INTEGER NOT NULL,
    at_ns INTEGER NOT NULL,
    actor BLOB NOT NULL CHECK (length(actor) = 16),
    commitment BLOB NOT NULL CHECK (length(commitment) = 32),
    link BLOB NOT NULL CHECK (length(link) = 32),
    UNIQUE (stream, sequence)
) STRICT;

-- What erasure removes.
CREATE TABLE payloads (
    position INTEGER PRIMARY KEY REFERENCES events (position),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    bytes BLOB NOT NULL
) STRICT;

-- Which kinds and versions occur, so that opening need not scan.
CREATE TABLE kinds (
    kind TEXT NOT NULL,
    v INTEGER NOT NULL,
    PRIMARY KEY (kind, v)
) STRICT, WITHOUT ROWID;

-- Read models.
CREATE TABLE rows (
    model TEXT NOT NULL,
    key TEXT NOT NULL,
    stream BLOB NOT NULL REFERENCES streams (id),
    sort TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (model, key, stream)
) STRICT;
CREATE INDEX rows_by_sort ON rows (model, sort, key, stream);
CREATE INDEX rows_by_stream ON rows (stream);

-- Large things that many events refer to by SHA-256, such as knowledge.
CREATE TABLE blobs (
    sha BLOB PRIMARY KEY CHECK (length(sha) = 32),
    bytes BLOB NOT NULL
) STRICT;

-- Signed Merkle roots over the heads of all streams.
CREATE TABLE checkpoints (
    number INTEGER PRIMARY KEY,
    at_ns INTEGER NOT NULL,
    position INTEGER NOT NULL,
    streams INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32),
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    key BLOB NOT NULL CHECK (length(key) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
