-- How the requests of each minute ended, as each run of a gateway counted them. Values are absolute and only grow within a
-- run: to write them twice changes nothing.
CREATE TABLE request_counts
(
    gateway TEXT COLLATE "C" NOT NULL,
    run UUID NOT NULL,
    minute TIMESTAMPTZ NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    complete BIGINT NOT NULL,
    degraded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    announced BIGINT NOT NULL,
    PRIMARY KEY (minute, service, gateway, run)
);

-- When services were not well. Gateways that see the same service unwell at the same time share a row.
CREATE TABLE incidents
(
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    service TEXT COLLATE "C" NOT NULL,
    -- The gateway that saw it first, and what it calls the incident.
    gateway TEXT COLLATE "C" NOT NULL,
    opened_by UUID NOT NULL,
    -- 1 degraded, 2 down: the worst that it was.
    worst SMALLINT NOT NULL,
    codes TEXT[] NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    -- By the clock of the database: when a gateway last said that it goes on.
    seen_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX incidents_open ON incidents (service) WHERE ended_at IS NULL;
CREATE INDEX incidents_started ON incidents (started_at);
CREATE INDEX incidents_opened_by ON incidents (opened_by);
