-- Embedded libraries that became this one: whoever moves one is told by it, after a crash, whether that was done.
CREATE TABLE library_moves
(
    id UUID PRIMARY KEY,
    moved_at TIMESTAMPTZ NOT NULL,
    states BIGINT NOT NULL,
    -- Each write of a state raises its version by one: the sum tells whether the source was written to since.
    versions BIGINT NOT NULL
);
