-- The tables that Orleans' ADO.NET storage expects, with SQL of our own: one statement per operation and a unique row
-- identity, so that of two first writes one is a conflict.
CREATE TABLE OrleansQuery
(
    QueryKey TEXT COLLATE "C" PRIMARY KEY,
    QueryText TEXT NOT NULL
);

-- Most writes are updates that touch no indexed column. With room left in the page they stay in it and write no index;
-- what they leave behind is cleaned early, for the table is large and its hot rows are few.
CREATE TABLE OrleansStorage
(
    GrainIdHash INTEGER NOT NULL,
    GrainIdN0 BIGINT NOT NULL,
    GrainIdN1 BIGINT NOT NULL,
    GrainTypeHash INTEGER NOT NULL,
    GrainTypeString TEXT COLLATE "C" NOT NULL,
    GrainIdExtensionString TEXT COLLATE "C" NULL,
    ServiceId TEXT COLLATE "C" NOT NULL,
    PayloadBinary BYTEA NULL,
    ModifiedOn TIMESTAMPTZ NOT NULL,
    Version INTEGER NOT NULL
)
WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

CREATE UNIQUE INDEX UX_OrleansStorage ON OrleansStorage
(
    GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, COALESCE(GrainIdExtensionString, ''), ServiceId
);

-- The reconciler reads all versions of one state name. Versions themselves stay out of it: see above.
CREATE INDEX IX_OrleansStorage_State ON OrleansStorage (GrainTypeString, GrainIdExtensionString);

INSERT INTO OrleansQuery (QueryKey, QueryText)
VALUES
(
    'WriteToStorageKey',
    'WITH updated AS
     (
         UPDATE OrleansStorage
         SET PayloadBinary = @PayloadBinary, ModifiedOn = clock_timestamp(), Version = Version + 1
         WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
             AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
             AND COALESCE(GrainIdExtensionString, '''') = COALESCE(CAST(@GrainIdExtensionString AS TEXT), '''')
             AND ServiceId = @ServiceId AND Version = CAST(@GrainStateVersion AS INTEGER)
         RETURNING Version
     ),
     inserted AS
     (
         INSERT INTO OrleansStorage
         (
             GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
             PayloadBinary, ModifiedOn, Version
         )
         SELECT
             @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString,
             CAST(@GrainIdExtensionString AS TEXT), @ServiceId, @PayloadBinary, clock_timestamp(), 1
         WHERE CAST(@GrainStateVersion AS INTEGER) IS NULL
         ON CONFLICT DO NOTHING
         RETURNING Version
     )
     SELECT Version AS NewGrainStateVersion FROM updated UNION ALL SELECT Version FROM inserted'
),
(
    'ReadFromStorageKey',
    'SELECT PayloadBinary, Version FROM OrleansStorage
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
         AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
         AND COALESCE(GrainIdExtensionString, '''') = COALESCE(CAST(@GrainIdExtensionString AS TEXT), '''')
         AND ServiceId = @ServiceId'
),
(
    'ClearStorageKey',
    'UPDATE OrleansStorage
     SET PayloadBinary = NULL, ModifiedOn = clock_timestamp(), Version = Version + 1
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
         AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
         AND COALESCE(GrainIdExtensionString, '''') = COALESCE(CAST(@GrainIdExtensionString AS TEXT), '''')
         AND ServiceId = @ServiceId AND Version = CAST(@GrainStateVersion AS INTEGER)
     RETURNING Version AS NewGrainStateVersion'
),
(
    'DeleteStorageKey',
    'DELETE FROM OrleansStorage
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
         AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
         AND COALESCE(GrainIdExtensionString, '''') = COALESCE(CAST(@GrainIdExtensionString AS TEXT), '''')
         AND ServiceId = @ServiceId AND Version = CAST(@GrainStateVersion AS INTEGER)
     RETURNING Version + 1 AS NewGrainStateVersion'
);
