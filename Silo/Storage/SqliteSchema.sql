-- The tables that Orleans' ADO.NET storage expects, with SQL of our own: one statement per operation and a unique row
-- identity, so that of two first writes one is a conflict. Safe to run at every start.
CREATE TABLE IF NOT EXISTS OrleansQuery
(
    QueryKey TEXT PRIMARY KEY,
    QueryText TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS OrleansStorage
(
    GrainIdHash INT NOT NULL,
    GrainIdN0 BIGINT NOT NULL,
    GrainIdN1 BIGINT NOT NULL,
    GrainTypeHash INT NOT NULL,
    GrainTypeString TEXT NOT NULL,
    GrainIdExtensionString TEXT NULL,
    ServiceId TEXT NOT NULL,
    PayloadBinary BLOB NULL,
    ModifiedOn TEXT NOT NULL,
    Version INT NOT NULL
);

CREATE UNIQUE INDEX IF NOT EXISTS UX_OrleansStorage ON OrleansStorage
(
    GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ifnull(GrainIdExtensionString, ''), ServiceId
);

-- The reconciler reads all versions of one state name.
CREATE INDEX IF NOT EXISTS IX_OrleansStorage_State ON OrleansStorage
(
    GrainTypeString, GrainIdExtensionString, Version, ModifiedOn
);

INSERT INTO OrleansQuery (QueryKey, QueryText)
VALUES
(
    'WriteToStorageKey',
    'INSERT INTO OrleansStorage
     (
         GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
         PayloadBinary, ModifiedOn, Version
     )
     SELECT
         @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
         @PayloadBinary, strftime(''%Y-%m-%dT%H:%M:%fZ'', ''now''), 1
     WHERE @GrainStateVersion IS NULL OR EXISTS
     (
         SELECT 1 FROM OrleansStorage
         WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
             AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
             AND ifnull(GrainIdExtensionString, '''') = ifnull(@GrainIdExtensionString, '''')
             AND ServiceId = @ServiceId
     )
     ON CONFLICT DO UPDATE
         SET PayloadBinary = excluded.PayloadBinary, ModifiedOn = excluded.ModifiedOn, Version = OrleansStorage.Version + 1
         WHERE OrleansStorage.Version = @GrainStateVersion
     RETURNING Version AS NewGrainStateVersion'
),
(
    'ReadFromStorageKey',
    'SELECT PayloadBinary, Version FROM OrleansStorage
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
         AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
         AND ifnull(GrainIdExtensionString, '''') = ifnull(@GrainIdExtensionString, '''')
         AND ServiceId = @ServiceId'
),
(
    'ClearStorageKey',
    'UPDATE OrleansStorage
     SET PayloadBinary = NULL, ModifiedOn = strftime(''%Y-%m-%dT%H:%M:%fZ'', ''now''), Version = Version + 1
     WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
         AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString
         AND ifnull(GrainIdExtensionString, '''') = ifnull(@GrainIdExtensionString, '''')
         AND ServiceId = @ServiceId AND Version = @GrainStateVersion
     RETURNING Version AS NewGrainStateVersion'
)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
