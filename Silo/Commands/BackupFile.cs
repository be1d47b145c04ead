using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lms.Grains.Infrastructure;
using Lms.Silo.Storage;
using Microsoft.Data.Sqlite;

namespace Lms.Silo.Commands;

/// <summary>What the file of a backup says of itself.</summary>
/// <param name="Format">How it is written.</param>
/// <param name="Release">Made it; an older one may not know everything that is in the states.</param>
/// <param name="MadeAt">What was acknowledged before is in it.</param>
/// <param name="States">How many there are.</param>
/// <param name="Versions">How often they were written.</param>
/// <param name="Digest">Of all rows.</param>
/// <param name="KeyMark">Tells the master key of the library from others, and nothing else of it; null when it was not known.</param>
internal sealed record Backup(
    int Format, string Release, DateTimeOffset MadeAt, long States, long Versions, string Digest, string? KeyMark);

/// <summary>A library in one file: an SQLite database with the states as they are stored, and what they must come to.</summary>
internal static class BackupFile
{
    /// <summary>Rises when a reader that does not know of a change would restore something else than what is in the file.</summary>
    private const int Format = 1;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private static Version Release => typeof(BackupFile).Assembly.GetName().Version!;

    /// <summary>Makes the file; refused when there is one, or no library.</summary>
    public static async Task<Backup> WriteAsync(
        string path, IStoredStates states, byte[]? masterKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            throw new RefusedException($"{Path.GetFullPath(path)} exists: a backup never takes the place of another.");
        }

        Backup? backup = null;
        await StatesFile.WriteAsync(
            path,
            states,
            async (connection, tally) =>
            {
                var (count, versions) = tally.Summary;
                backup = count > 0
                    ? new(Format, Release.ToString(), now, count, versions, tally.Digest, masterKey is null ? null : MarkOf(masterKey))
                    : throw new RefusedException("There is no library in the database.");
                await using var command = connection.CreateCommand();
                command.CommandText = "CREATE TABLE lms_backup (note TEXT NOT NULL); INSERT INTO lms_backup (note) VALUES (@note);";
                command.Parameters.AddWithValue("@note", JsonSerializer.Serialize(backup, s_json));
                await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
        return backup!;
    }

    /// <summary>What is in the file, after all of it was read; refused when that is not what was written.</summary>
    public static async Task<(Backup Backup, IStoredStates States)> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new RefusedException($"There is no file {Path.GetFullPath(path)}.");
        }

        var states = SqliteStates.ReadOnly(path);
        try
        {
            var backup = await NoteOfAsync(states, cancellationToken);
            RefuseNewer(path, backup);
            var tally = await RowTally.OfAsync(states, cancellationToken);
            return tally.Summary == new StatesSummary(backup.States, backup.Versions) && tally.Digest == backup.Digest
                ? (backup, states)
                : throw Damaged(path, string.Create(
                    CultureInfo.InvariantCulture, $"{backup.States} states were written to it, and they are not what is in it."));
        }
        catch (Exception exception) when (IsOfDamage(exception))
        {
            throw Damaged(path, exception.Message);
        }
    }

    /// <summary>With another key nobody could sign in: the private keys of the ring would stay locked.</summary>
    public static void RefuseOtherKey(Backup backup, byte[] masterKey, string keyPlace)
    {
        if (backup.KeyMark is { } mark && mark != MarkOf(masterKey))
        {
            throw new RefusedException($"{keyPlace} is not the master key of the library in the backup: its signing keys could not be used.");
        }
    }

    private static async Task<Backup> NoteOfAsync(SqliteStates states, CancellationToken cancellationToken)
    {
        await using var connection = states.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT note FROM lms_backup";
        return await command.ExecuteScalarAsync(cancellationToken) is string note && JsonSerializer.Deserialize<Backup>(note, s_json) is { } backup
            ? backup
            : throw new FormatException("It does not say what is in it.");
    }

    private static void RefuseNewer(string path, Backup backup)
    {
        if (backup.Format > Format || Version.Parse(backup.Release) > Release)
        {
            throw new RefusedException($"{Path.GetFullPath(path)} was made by release {backup.Release}, and this is {Release}: restore it with that one or a newer one.");
        }
    }

    // Of SQLite: no such table, a malformed file, no file of SQLite. Others, such as a full disk, are not the file's.
    private static bool IsOfDamage(Exception exception) => exception
        is SqliteException { SqliteErrorCode: 1 or 11 or 26 } or JsonException or FormatException or InvalidCastException or OverflowException or ArgumentException;

    private static RefusedException Damaged(string path, string reason) =>
        new($"{Path.GetFullPath(path)} is no backup, or is damaged: {reason}");

    private static string MarkOf(byte[] masterKey) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(masterKey, "lms backup"u8));
}
