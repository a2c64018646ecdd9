-- What is found is sealed: each entry, and all entries of a stream together. What was made before is
-- made again.
DROP TABLE found_values;
DROP TABLE found;
DROP TABLE found_streams;

CREATE TABLE found (
    key TEXT PRIMARY KEY,
    stream BLOB NOT NULL REFERENCES streams (id),
    version TEXT NOT NULL,
    -- SHA-256 of its values.
    listed BLOB NOT NULL,
    seal BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX found_by_stream ON found (stream);

-- One row per value; a value that is a range lies between value and until.
CREATE TABLE found_values (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    until TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (name, value, key, until)
) STRICT, WITHOUT ROWID;
CREATE INDEX found_values_by_key ON found_values (key, name);

-- Up to where each stream was read for it, how, and the seal of all its entries.
CREATE TABLE found_streams (
    stream BLOB PRIMARY KEY REFERENCES streams (id),
    sequence INTEGER NOT NULL,
    made TEXT NOT NULL,
    seal BLOB NOT NULL
) STRICT;
