using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Views;

/// <summary>
/// Failed logins by address. Adds up the reports of a time, page after page, by their own JSON: a hostile login name must not be able to
/// break a query of the database.
/// </summary>
internal sealed class FailedLoginView(LogReader log)
{
    /// <summary>Reports in one answer's time; more would be a download.</summary>
    public const int MostEntries = 100_000;

    private const int PageSize = 1000;
    private const int MostLogins = 20;

    /// <summary>The failed logins of a time; null: there are more than <see cref="MostEntries"/> reports.</summary>
    public async Task<FailedLogins?> ByAddressAsync(DateTimeOffset? since, DateTimeOffset? until, string? address, int limit, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        var filter = new LogFilter { Types = [nameof(AuthenticationFailed)], Since = since, Until = until };
        var reports = new List<Report>();
        long after = 0;
        IReadOnlyList<LogEntry> page;
        do
        {
            page = await log.ReadAsync(filter, after, PageSize, cancellationToken);
            reports.AddRange(page.Select(Report.Of).Where(report => address is null || report.Address == address));
            after = page.Count == 0 ? after : page[^1].Sequence;
            if (reports.Count > MostEntries)
            {
                return null;
            }
        }
        while (page.Count == PageSize);

        var addresses = reports.GroupBy(report => report.Address).Select(Sum).OrderByDescending(sum => sum.Attempts).ThenBy(sum => sum.Address, StringComparer.Ordinal).ToList();
        return new FailedLogins(head.First, [.. addresses.Take(limit)], Math.Max(0, addresses.Count - limit));
    }

    private static FailedLoginAddress Sum(IGrouping<string?, Report> reports)
    {
        var logins = reports.Select(report => report.Login).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return new FailedLoginAddress(
            reports.Key,
            reports.Sum(report => (long)report.Attempts),
            reports.Min(report => report.At),
            reports.Max(report => report.At),
            reports.Max(report => report.Sequence),
            [.. logins.Take(MostLogins)],
            Math.Max(0, logins.Count - MostLogins),
            reports.Where(report => report.Reason is not null).GroupBy(report => report.Reason!.Value).ToDictionary(reason => reason.Key, reason => reason.Sum(report => (long)report.Attempts)));
    }

    private sealed record Report(long Sequence, DateTimeOffset At, string? Address, string? Login, AuthenticationFailureReason? Reason, int Attempts)
    {
        public static Report Of(LogEntry entry)
        {
            try
            {
                if (entry.Message.Length > 0 && JsonSerializer.Deserialize<AuthenticationFailed>(entry.Message, ContractsJson.Options) is { } failed)
                {
                    return new Report(entry.Sequence, entry.OccurredAt, failed.ClientAddress, failed.AttemptedLogin, failed.Reason, failed.Attempts);
                }
            }
            catch (JsonException)
            {
                // From a newer publisher: it is counted, and what it says is in the log.
            }

            return new Report(entry.Sequence, entry.OccurredAt, Address: null, Login: null, Reason: null, Attempts: 1);
        }
    }
}
