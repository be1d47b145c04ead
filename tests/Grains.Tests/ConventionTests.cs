using System.Reflection;
using Lms.Grains.Abstractions;
using Lms.Grains.Infrastructure;
using Lms.Silo;
using Orleans.Concurrency;

namespace Lms.Grains.Tests;

/// <summary>What a service must have before it may be stored or called from another release.</summary>
public sealed class ConventionTests
{
    private static readonly Assembly s_abstractions = typeof(Rejection).Assembly;
    private static readonly Assembly s_grains = typeof(GrainStorage).Assembly;

    // Without those that Orleans generates.
    private static readonly Type[] s_types =
    [
        .. s_abstractions.GetTypes().Concat(s_grains.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Lms.", StringComparison.Ordinal) == true),
    ];

    private static readonly Type[] s_interfaces =
        [.. s_types.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))];

    private static readonly Type[] s_classes =
        [.. s_types.Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Grain)))];

    private static readonly Type[] s_wire =
        [.. s_types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))];

    private static readonly (Type Grain, PersistentStateAttribute State)[] s_states =
    [
        .. s_classes.SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => (type, parameter.GetCustomAttribute<PersistentStateAttribute>()!)))
            .Where(state => state.Item2 is not null),
    ];

    [Fact]
    public void There_is_something_to_look_at()
    {
        Assert.True(s_interfaces.Length >= 15);
        Assert.True(s_classes.Length >= 15);
        Assert.True(s_states.Length >= 12);
        Assert.True(s_wire.Length >= 60);
    }

    [Fact]
    public void No_two_grains_share_a_state_name() // rows are identified by state name and key, not by class
        => Assert.Distinct(s_states.Select(state => state.State.StateName));

    [Fact]
    public void Every_state_is_kept_in_the_storage_of_the_library() =>
        Assert.All(s_states, state => Assert.Equal(GrainStorage.Name, state.State.StorageName));

    [Fact]
    public void Every_stored_state_is_a_state_with_that_name()
    {
        var named = s_grains.GetTypes().Where(type => type.IsSubclassOf(typeof(State)))
            .Select(type => type.GetField("Name")!.GetRawConstantValue());

        Assert.Equal(named.Order(), s_states.Select(state => state.State.StateName).Order());
    }

    [Fact]
    public void Every_type_on_the_wire_has_an_alias_of_its_own()
    {
        var aliases = s_wire.Select(type => (type, type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias)).ToArray();

        Assert.DoesNotContain(aliases, alias => alias.Alias is null);
        Assert.All(aliases, alias => Assert.StartsWith("lms.", alias.Alias, StringComparison.Ordinal));
        Assert.Distinct(aliases.Select(alias => alias.Alias));
    }

    [Fact]
    public void Every_grain_interface_has_an_alias_of_its_own()
    {
        var aliases = s_interfaces.Select(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias).ToArray();

        Assert.All(aliases, Assert.NotNull);
        Assert.Distinct(aliases);
        Assert.Empty(aliases.Intersect(s_wire.Select(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias)));
    }

    [Fact]
    public void Every_grain_method_has_an_alias_of_its_own_and_ends_in_a_cancellation_token() =>
        Assert.All(s_interfaces, type =>
        {
            var methods = type.GetInterfaces().Where(s_interfaces.Contains).SelectMany(parent => parent.GetMethods())
                .Concat(type.GetMethods()).ToArray();
            var aliases = methods.Select(method => method.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias).ToArray();

            Assert.All(aliases, Assert.NotNull);
            Assert.Distinct(aliases);
            Assert.All(methods, method =>
            {
                var last = method.GetParameters()[^1];
                Assert.Equal(typeof(CancellationToken), last.ParameterType);
                Assert.True(last.HasDefaultValue, method.Name);
                Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
            });
        });

    [Fact]
    public void What_crosses_silos_does_not_change_on_the_way() =>
        Assert.All(
            s_wire.Where(type => !type.IsSubclassOf(typeof(State)) && type != typeof(State) && type != typeof(GrainFault)),
            type => Assert.True(type.IsDefined(typeof(ImmutableAttribute)), type.Name));

    [Fact]
    public void No_number_of_a_member_is_used_twice() =>
        Assert.All(s_wire, type => Assert.Distinct(
            type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Select(member => member.GetCustomAttribute<IdAttribute>()?.Id)
                .OfType<uint>()));

    [Fact]
    public void Every_key_prefix_ends_in_a_colon_and_cannot_be_read_as_a_number()
    {
        var prefixes = s_abstractions.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.IsLiteral && field.Name.EndsWith("Prefix", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToArray();

        Assert.True(prefixes.Length >= 10);
        Assert.Distinct(prefixes);
        Assert.All(prefixes, prefix =>
        {
            Assert.EndsWith(":", prefix, StringComparison.Ordinal);
            Assert.Contains(prefix[..^1], letter => !char.IsAsciiHexDigit(letter));
            Assert.DoesNotContain(prefixes, other => other != prefix && other.StartsWith(prefix, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void No_grain_hides_the_commit_of_the_base()
    {
        // Overloads of a derived class are preferred even when a plain state must be converted for them.
        var hiding = s_classes.Where(type => type
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Any(method => method.Name == "CommitAsync"));

        Assert.Empty(hiding);
    }

    [Fact]
    public void No_grain_is_reentrant() => Assert.DoesNotContain(s_classes, type => type.IsDefined(typeof(ReentrantAttribute)));

    [Fact]
    public void The_services_are_those_that_operators_know() => Assert.Equal(
        ["authors", "books", "copies", "genres", "lendings", "readers", "users"], LibraryServices.Names);

    [Fact]
    public void Every_grain_belongs_to_a_service_or_is_known_to_serve_several()
    {
        var shared = s_classes.Where(type => LibraryServices.Of(type) is null).Select(type => type.Name).Order();

        Assert.Equal(["DemoLibraryGrain", "MaintenanceGrain", "OperationGrain", "PhotoGrain", "SequenceGrain", "SweeperGrain"], shared);
        Assert.Equal(
            ["copies", "copies", "lendings", "lendings", "lendings"],
            s_classes.Where(type => Service(type) == "Lendings").Select(LibraryServices.Of).Order());
    }

    [Theory]
    [InlineData("Grains.Abstractions")]
    [InlineData("ReadModel")]
    [InlineData("Grains", "Grains.Abstractions", "ReadModel")]
    [InlineData("Silo", "Grains", "Grains.Abstractions", "ReadModel", "ServiceDefaults")]
    public void A_project_sees_whom_it_may_see(string project, params string[] allowed)
    {
        var assembly = new[] { s_abstractions, s_grains, typeof(ReadModel.Infrastructure.Projection).Assembly, typeof(LmsSilo).Assembly }
            .Single(assembly => assembly.GetName().Name == project);
        string[] ours = ["Grains.Abstractions", "Grains", "ReadModel", "Silo", "ApiFrontend", "ServiceDefaults"];

        Assert.Empty(assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Intersect(ours).Except(allowed));
    }

    [Fact]
    public void The_grain_interfaces_need_no_more_than_orleans() => Assert.All(
        s_abstractions.GetReferencedAssemblies(),
        reference => Assert.True(
            reference.Name!.StartsWith("Orleans", StringComparison.Ordinal) || reference.Name.StartsWith("System", StringComparison.Ordinal)
                || reference.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal),
            reference.Name));

    [Fact]
    public void No_service_sees_the_states_and_rules_of_another()
    {
        var inner = s_grains.GetTypes()
            .Where(type => type.Name.EndsWith("State", StringComparison.Ordinal) || type.Name.EndsWith("Rules", StringComparison.Ordinal))
            .Where(type => Service(type) is not "Infrastructure")
            .ToHashSet();
        var seen = s_grains.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Lms.Grains.", StringComparison.Ordinal) == true && Service(type) != "Infrastructure")
            .SelectMany(type => Signature(type).Where(inner.Contains).Select(other => (type, other)))
            .Where(pair => Service(pair.type) != Service(pair.other));

        Assert.Empty(seen);
    }

    private static string Service(Type type) => type.Namespace!.Split('.')[^1];

    private static IEnumerable<Type> Signature(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.DeclaredOnly;
        return type.GetFields(all).Select(field => field.FieldType)
            .Concat(type.GetProperties(all).Select(property => property.PropertyType))
            .Concat(type.GetConstructors(all).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(type.GetMethods(all).SelectMany(method =>
                method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .SelectMany(Parts);
    }

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Prepend(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
