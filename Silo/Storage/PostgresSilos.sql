-- When each silo was last heard of. It outlives Redis: a silo that finds no membership there can tell from it whether
-- there are others.
CREATE TABLE silo_stamps
(
    address TEXT COLLATE "C" PRIMARY KEY,
    stamped_at TIMESTAMPTZ NOT NULL
);
