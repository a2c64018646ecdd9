-- What is found is sealed: each entry, and all entries of a stream together. What was made before is
-- made again.
DROP TABLE found_values;
DROP TABLE found;
DROP TABLE found_streams;

CREATE TABLE found (
    key TEXT COLLATE "C" PRIMARY KEY,
    stream BYTEA NOT NULL REFERENCES streams (id),
    version TEXT NOT NULL,
    -- SHA-256 of its values.
    listed BYTEA NOT NULL,
    seal BYTEA NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX found_by_stream ON found (stream);

-- One row per value; a value that is a range lies between value and until.
CREATE TABLE found_values (
    name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, value, key, until)
);
CREATE INDEX found_values_by_key ON found_values (key, name);

-- Up to where each stream was read for it, how, and the seal of all its entries.
CREATE TABLE found_streams (
    stream BYTEA PRIMARY KEY REFERENCES streams (id),
    sequence BIGINT NOT NULL,
    made TEXT NOT NULL,
    seal BYTEA NOT NULL
);
