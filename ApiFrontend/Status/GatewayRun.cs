namespace Lms.ApiFrontend.Status;

/// <summary>Which gateway this is.</summary>
/// <param name="Name">The same after a restart: that of its pod or machine.</param>
/// <param name="Id">Another one after each start: what is counted begins at zero again.</param>
internal sealed record GatewayRun(string Name, Guid Id)
{
    public static GatewayRun Of(string name) => new(name, Guid.NewGuid());
}
