using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Workspaces.ServiceDefaults.Health;

/// <summary>
/// Writes a health report as <c>{"status":"Unhealthy","checks":[{"name","status","description"}]}</c>. Descriptions are written
/// by the checks for this purpose; exceptions are not shown, because the endpoint is open to everyone who can reach it.
/// </summary>
internal static class HealthReportWriter
{
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new Answer(
            report.Status,
            [.. report.Entries.Select(entry => new Check(entry.Key, entry.Value.Status, entry.Value.Description))]),
        Contracts.ContractsJson.Options,
        context.RequestAborted);

    private sealed record Answer(HealthStatus Status, IReadOnlyList<Check> Checks);

    private sealed record Check(string Name, HealthStatus Status, string? Description);
}
