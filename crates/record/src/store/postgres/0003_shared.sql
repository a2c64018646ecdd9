-- What servers share for a short while: logins, counts, claims, leases. It is no part of the
-- record: no chain, no copy of the journal holds it, and whoever empties it loses no event.
CREATE TABLE shared (
    space TEXT COLLATE "C" NOT NULL,
    key BYTEA NOT NULL,
    owner BYTEA NOT NULL CHECK (length(owner) = 16),
    value BYTEA NOT NULL,
    count BIGINT NOT NULL CHECK (count >= 0),
    written TIMESTAMPTZ NOT NULL,
    expires TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (space, key)
);
CREATE INDEX shared_by_owner ON shared (space, owner);
CREATE INDEX shared_by_end ON shared (expires);
