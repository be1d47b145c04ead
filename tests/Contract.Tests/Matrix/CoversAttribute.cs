namespace Lms.Contract.Tests;

/// <summary>The statuses of an operation that a test is about; the matrix counts them.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CoversAttribute(string operation, params int[] statuses) : Attribute
{
    public string Operation { get; } = operation;

    public IReadOnlyList<int> Statuses { get; } = statuses;
}
