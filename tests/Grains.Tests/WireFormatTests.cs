using System.Globalization;
using System.Reflection;
using Lms.Grains.Abstractions;
using Lms.Grains.Infrastructure;

namespace Lms.Grains.Tests;

/// <summary>
/// What silos and gateways say to each other only grows. Orleans' own manifest knows methods of grains; this one knows members of
/// what they pass, which it writes by number, and enums.
/// </summary>
public sealed class WireFormatTests
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Type[] s_types =
    [
        .. typeof(Rejection).Assembly.GetTypes().Concat(typeof(State).Assembly.GetTypes())
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)),
    ];

    private static readonly string[] s_said = [.. s_types.SelectMany(Lines).Concat(Enums().SelectMany(EnumLines)).Distinct()];

    [Fact]
    public void There_is_something_to_look_at()
    {
        Assert.True(Golden.Wire.Count >= 200);
        Assert.Contains("lms.rejection(1) Code: string", Golden.Wire);
        Assert.Contains("lms.state[5] Operations: lms.remembered-operation[]", Golden.Wire);
        Assert.Contains("lms.book-state: lms.state", Golden.Wire);
        Assert.Contains("Lms.Grains.Abstractions.RejectionKind.Conflict = 2", Golden.Wire);
    }

    [Fact]
    public void What_was_said_is_still_said() => Assert.Empty(Golden.Wire.Except(s_said));

    [Fact]
    public void What_is_said_is_written_down()
    {
        var missing = s_said.Except(Golden.Wire).ToArray();
        if (missing.Length > 0 && Golden.IsUpdated)
        {
            Golden.AddWire(missing);
            return;
        }

        Assert.True(missing.Length == 0, $"Golden/wire.txt lacks {string.Join(", ", missing)}. {Golden.Refresh}");
    }

    /// <summary>A type, what it derives from, and its members: (n) of the constructor of a record, [n] of its body.</summary>
    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        var parent = type.BaseType is { } derived && derived.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)
            ? [$"{name}: {Name(derived)}"]
            : (string[])[name];
        var constructed = IsRecord(type)
            ? type.GetConstructors(Instance).MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters()
                .Where(parameter => Property(type, parameter.Name!) is { } property && property.GetCustomAttribute<IdAttribute>() is null)
                .Select(parameter => string.Create(
                    CultureInfo.InvariantCulture, $"{name}({parameter.Position}) {parameter.Name}: {Name(parameter.ParameterType)}"))
            : [];
        var numbered = type.GetMembers(Instance | BindingFlags.DeclaredOnly)
            .Where(member => member.IsDefined(typeof(IdAttribute), inherit: false))
            .Select(member => string.Create(
                CultureInfo.InvariantCulture, $"{name}[{member.GetCustomAttribute<IdAttribute>()!.Id}] {member.Name}: {Name(TypeOf(member))}"));
        return [.. parent, .. constructed, .. numbered];
    }

    private static IEnumerable<Type> Enums() => s_types
        .SelectMany(type => type.GetProperties(Instance))
        .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
        .Where(type => type.IsEnum && type.Namespace!.StartsWith("Lms.", StringComparison.Ordinal));

    private static IEnumerable<string> EnumLines(Type type) => type.GetEnumNames()
        .Select(name => $"{Name(type)}.{name} = {Enum.Format(type, Enum.Parse(type, name), "d")}");

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Instance) is not null;

    private static PropertyInfo? Property(Type type, string name) => type.GetProperty(name, Instance);

    private static Type TypeOf(MemberInfo member) => member switch
    {
        PropertyInfo property => property.PropertyType,
        FieldInfo field => field.FieldType,
        _ => throw new NotSupportedException(member.Name),
    };

    /// <summary>The alias where there is one: types may be renamed.</summary>
    private static string Name(Type type) => type switch
    {
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        _ when Nullable.GetUnderlyingType(type) is { } value => Name(value) + "?",
        { IsGenericType: true, IsGenericTypeDefinition: false } =>
            $"{Name(type.GetGenericTypeDefinition())}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        { IsGenericParameter: true } => type.Name,
        _ when type.GetCustomAttribute<AliasAttribute>(inherit: false) is { } alias => alias.Alias,
        _ when type == typeof(string) => "string",
        _ when type == typeof(int) => "int",
        _ when type == typeof(long) => "long",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(byte) => "byte",
        _ => type.FullName!,
    };
}
