using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Lms.Grains.Abstractions.Users;

/// <summary>An e-mail address in lower case: what a user signs in with.</summary>
[GenerateSerializer, Immutable, Alias("lms.username"), JsonConverter(typeof(TextConverter<Username>))]
public readonly partial record struct Username : IText<Username>
{
    public const int MaxLength = 254;

    private Username(string email) => Email = email;

    /// <summary>Lower case, nothing else changed.</summary>
    [Id(0)] public string Email { get; private init; }

    public static bool TryParse([NotNullWhen(true)] string? text, out Username username)
    {
        username = default;
        if (text is null || text.Length > MaxLength || !EmailPattern().IsMatch(text))
        {
            return false;
        }

        username = new(text.ToLowerInvariant());
        return true;
    }

    public static Username Of(string text) =>
        TryParse(text, out var username) ? username : throw new FormatException("A username is an e-mail address.");

    public override string ToString() => Email;

    [GeneratedRegex(@"\A[^@\s\p{C},]{1,64}@[^@\s\p{C},.]+(?:\.[^@\s\p{C},.]+)*\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EmailPattern();
}
