-- What is found of a stream by its values: made from its events by whoever serves it, made again
-- where it lags or was made another way, compared with nothing. No stream depends on it.
CREATE TABLE found (
    key TEXT COLLATE "C" PRIMARY KEY,
    stream BYTEA NOT NULL REFERENCES streams (id),
    version TEXT NOT NULL,
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

-- Up to where each stream was read for it, and how.
CREATE TABLE found_streams (
    stream BYTEA PRIMARY KEY REFERENCES streams (id),
    sequence BIGINT NOT NULL,
    made TEXT NOT NULL
);
