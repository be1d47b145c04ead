using System.Diagnostics.CodeAnalysis;

namespace Lms.Grains.Abstractions;

/// <summary>Either the value a command produced, or the <see cref="Abstractions.Rejection"/> that explains why it did nothing.</summary>
[GenerateSerializer, Immutable, Alias("lms.result`1")]
public sealed record Result<T> where T : class
{
    [Id(0)] public T? Value { get; private init; }

    [Id(1)] public Rejection? Rejection { get; private init; }

    /// <summary>True when there is a <see cref="Value"/>, false when there is a <see cref="Rejection"/>.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsAccepted => Rejection is null;

    public static implicit operator Result<T>(T value) => new() { Value = value };

    public static implicit operator Result<T>(Rejection rejection) => new() { Rejection = rejection };
}
