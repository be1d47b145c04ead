using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Lms.ApiFrontend.Status;

/// <summary>The status as a page for people: one file of text, without styles and scripts, from wherever it is asked for.</summary>
internal static class StatusPage
{
    public static string Of(StatusView status) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="refresh" content="30">
        <title>Library: {status.Status}</title>
        </head>
        <body>
        <main>
        <h1>The library is {status.Status}</h1>
        {Maintenance(status)}
        <h2>Services</h2>
        {Table("How each service is", ["Service", "Status", "Since"], status.Services.Select(service =>
            (string[])[service.Name, service.Status, Time(service.Since)]))}
        <h2>What is less than usual now</h2>
        {Table("Degraded modes", ["Service", "What", "Code"], status.DegradedModes.Select(mode =>
            (string[])[mode.Service, mode.Text, mode.Code]))}
        <h2>Recent incidents</h2>
        {Table("The last incidents, the newest first", ["Service", "Worst", "Began", "Ended", "Codes"], status.Incidents.Select(incident =>
            (string[])[incident.Service, incident.Worst, Time(incident.StartedAt), Time(incident.EndedAt) ?? "goes on", string.Join(", ", incident.Codes)]))}
        <h2>Availability</h2>
        <p>{(status.Availability.Source == "all-gateways" ? "As all gateways counted." : "As this gateway alone counted since its start.")}</p>
        {Table("Requests by how they ended", ["Last", "Available", "In full", "Degraded", "Failed requests", "Valid requests"],
            status.Availability.Windows.Select(window => (string[])
            [
                window.Window, Share(window.Library.Available), Share(window.Library.AnsweredInFull), Share(window.Library.AnsweredDegraded),
                Number(window.Library.Failed), Number(window.Library.Full + window.Library.Degraded + window.Library.Failed),
            ]))}
        <h2>Calls</h2>
        <p>Of this gateway since it started: what it does so that answers come although something is missing.</p>
        {Table("Calls of services", ["Service", "Reads", "Writes", "Calls", "Retries", "Hedges", "Rejections", "Fallbacks"], status.Calls.Select(calls =>
            (string?[])
            [
                calls.Service, calls.Reads, calls.Writes, Number(calls.Calls), Number(calls.Retries), Number(calls.Hedges),
                Number(calls.Rejections), Number(calls.Fallbacks),
            ]))}
        </main>
        <footer>
        <p>Version {Text(status.Version)}. {Time(status.Time)}; services looked at {Time(status.CheckedAt)}. This page loads itself again every 30 seconds. Machines read <a href="status.json">status.json</a>.</p>
        </footer>
        </body>
        </html>
        """;

    private static string Maintenance(StatusView status) => status.Maintenance is not { } notice
        ? ""
        : $"""
           <section role="alert">
           <h2>Maintenance</h2>
           <p>{(notice.Mode == "closed" ? "The library is closed" : "Nothing can be changed")} since {Time(notice.Since)}{(notice.Until is { } until ? $", until about {Time(until)}" : "")}: {Text(notice.Reason ?? "")}</p>
           <p>Programs are asked to come back after {Text($"{notice.RetryAfterSeconds} s")}.</p>
           </section>
           """;

    private static string Table(string caption, string[] heads, IEnumerable<string?[]> rows)
    {
        var table = new StringBuilder();
        foreach (var row in rows)
        {
            table.Append("<tr><th scope=\"row\">").Append(Text(row[0] ?? "")).Append("</th>");
            foreach (var cell in row[1..])
            {
                table.Append("<td>").Append(Text(cell ?? "")).Append("</td>");
            }

            table.AppendLine("</tr>");
        }

        return table.Length == 0
            ? "<p>None.</p>"
            : $"""
               <table>
               <caption>{caption}</caption>
               <thead><tr>{string.Concat(heads.Select(head => $"<th scope=\"col\">{head}</th>"))}</tr></thead>
               <tbody>
               {table}</tbody>
               </table>
               """;
    }

    private static string Share(double? share) => share?.ToString("P3", CultureInfo.InvariantCulture) ?? "no requests";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time is { } known ? Time(known) : null;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
