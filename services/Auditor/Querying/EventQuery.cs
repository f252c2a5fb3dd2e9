using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Querying;

/// <summary>The query of <c>GET /v1/events</c>. Reads every parameter strictly: a misspelt filter that is ignored looks like an answer.</summary>
internal sealed record EventQuery(LogFilter Filter, long After, int Limit)
{
    public const int DefaultLimit = 100;
    public const int LargestLimit = 1000;

    private static readonly string[] Parameters = ["after", "type", "workspace", "owner", "user", "target", "session", "limit"];
    private static readonly string[] Types =
        [.. Topology.Exchanges.Select(exchange => exchange.EventType).Where(type => type != typeof(WorkspaceActivity)).Select(type => type.Name), LogEntry.UnknownType];

    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out EventQuery? result, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        result = null;
        problem = Check(query);
        if (problem is not null)
        {
            return false;
        }

        var filter = new LogFilter
        {
            Types = TypesOf(query),
            WorkspaceId = One(query, "workspace"),
            Owner = One(query, "owner"),
            User = One(query, "user"),
            Target = One(query, "target"),
            SessionId = One(query, "session") is { } session ? Guid.Parse(session) : null,
        };
        result = new EventQuery(filter, NumberOf(query, "after", 0), (int)NumberOf(query, "limit", DefaultLimit));
        return true;
    }

    private static ProblemHttpResult? Check(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => !Parameters.Contains(key)) is { } unknown)
        {
            return Invalid(unknown, $"There is no parameter '{unknown}'; there are: {string.Join(", ", Parameters)}.");
        }

        if (Parameters.FirstOrDefault(name => name != "type" && query[name].Count > 1) is { } repeated)
        {
            return Invalid(repeated, $"'{repeated}' can be given once.");
        }

        if (TypesOf(query).FirstOrDefault(type => !Types.Contains(type)) is { } type)
        {
            return Invalid("type", $"There is no event type '{type}'; there are: {string.Join(", ", Types)}.");
        }

        if (One(query, "after") is not null && NumberOf(query, "after", -1) < 0)
        {
            return Invalid("after", "'after' is a sequence in the log: 0 (the beginning) or a number that an earlier answer gave as 'next'.");
        }

        if (One(query, "limit") is not null && NumberOf(query, "limit", -1) is < 1 or > LargestLimit)
        {
            return Invalid("limit", $"'limit' is a number from 1 to {LargestLimit}.");
        }

        if (One(query, "workspace") is { } workspace && !WorkspaceId.IsValid(workspace))
        {
            return Invalid("workspace", "'workspace' is the id of a workspace: at most 10 characters of a-z and 2-7, the first one a letter.");
        }

        if (One(query, "target") is { } target && target.Split('/') is not [{ Length: > 0 }, { Length: > 0 }, { Length: > 0 }])
        {
            return Invalid("target", "'target' is a workload, NAMESPACE/KIND/NAME: shop/Deployment/payments.");
        }

        return One(query, "session") is { } session && !Guid.TryParse(session, out _)
            ? Invalid("session", "'session' is the id of a session, a UUID.")
            : null;
    }

    private static ProblemHttpResult Invalid(string parameter, string detail) => Problems.Problem(
        "invalid-parameter", StatusCodes.Status400BadRequest, detail, new Dictionary<string, object?> { ["parameter"] = parameter });

    /// <summary>An empty parameter is the same as none, so that the template in the documentation works as it is.</summary>
    private static string? One(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } value ? value : null;

    private static IReadOnlyList<string> TypesOf(IQueryCollection query) =>
        [.. query["type"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static long NumberOf(IQueryCollection query, string name, long absent) =>
        One(query, name) is not { } text ? absent
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : -1;
}
