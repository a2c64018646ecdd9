-- Files of recorded sessions. Each line follows from events `recording` and
-- `recording-archived` of its stream; `verify` compares them.
CREATE TABLE recordings (
    session BLOB PRIMARY KEY CHECK (length(session) = 16),
    stream BLOB NOT NULL REFERENCES streams (id),
    bedside BLOB NOT NULL CHECK (length(bedside) = 16),
    position INTEGER NOT NULL REFERENCES events (position),
    file TEXT NOT NULL,
    sha BLOB NOT NULL CHECK (length(sha) = 32),
    frames INTEGER NOT NULL,
    parquet INTEGER NOT NULL CHECK (parquet IN (0, 1))
) STRICT;
CREATE INDEX recordings_by_table ON recordings (bedside, position);
CREATE INDEX recordings_by_stream ON recordings (stream);
