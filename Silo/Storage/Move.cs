using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Lms.Silo.Storage;

/// <summary>Where the library of a data directory goes, or has gone. Kept in the directory itself.</summary>
/// <param name="Id">Names the move; the target stores it with the states.</param>
/// <param name="To">Host and database, for people. No user and no password.</param>
/// <param name="BegunAt">Since when the target may hold the library.</param>
/// <param name="FinishedAt">Null until the target is known to hold it.</param>
internal sealed record Move(Guid Id, string To, DateTimeOffset BegunAt, DateTimeOffset? FinishedAt = null)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string NameOf(NpgsqlDataSource target)
    {
        var settings = new NpgsqlConnectionStringBuilder(target.ConnectionString);
        return string.Create(
            CultureInfo.InvariantCulture, $"PostgreSQL {settings.Host}:{settings.Port}, database {settings.Database ?? settings.Username}");
    }

    /// <summary>Null when nobody ever began to move the library.</summary>
    public static Move? Of(DataDirectory directory) => File.Exists(directory.MoveFile)
        ? JsonSerializer.Deserialize<Move>(File.ReadAllBytes(directory.MoveFile), s_json)
        : null;

    public void Write(DataDirectory directory) =>
        DataDirectory.WriteWhole(directory.MoveFile, JsonSerializer.SerializeToUtf8Bytes(this, s_json));

    /// <summary>Why the directory is no library any more, or may not be one.</summary>
    public string Refusal(DataDirectory directory) => FinishedAt is { } finished
        ? string.Create(CultureInfo.InvariantCulture, $"the library of {directory.Path} was moved to {To} at {finished:u}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"the library of {directory.Path} is being moved to {To} since {BegunAt:u}: run import-embedded again, or, when no silo has ever run there, empty that database and delete {directory.MoveFile}");
}
