using Lms.ServiceDefaults;
using Lms.Silo;

// Silos of a cluster come with the cluster; a silo alone runs the embedded library without its gateway.
var builder = WebApplication.CreateBuilder(args);
var directory = Path.GetFullPath(builder.Configuration["data"] ?? "data");
Directory.CreateDirectory(directory);
builder.AddServiceDefaults().Host.UseOrleans(silo => silo.AddLmsSilo(directory, TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon")));

await builder.Build().RunAsync();
