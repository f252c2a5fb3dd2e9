using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Querying;

/// <summary>The query of <c>GET /v1/events</c>. Reads every parameter strictly: a misspelt filter that is ignored looks like an answer.</summary>
internal sealed record EventQuery(LogFilter Filter, long After, int Limit)
{
    public const int DefaultLimit = 100;
    public const int LargestLimit = 1000;

    private static readonly string[] Parameters =
        ["after", "upto", "type", "workspace", "owner", "user", "target", "session", "since", "until", "limit"];

    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out EventQuery? result, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        result = null;
        problem = CheckNames(query, Parameters) ?? Check(query);
        if (problem is not null)
        {
            return false;
        }

        var filter = new LogFilter
        {
            Types = TypesOf(query),
            WorkspaceId = QueryText.One(query, "workspace"),
            Owner = QueryText.One(query, "owner"),
            User = QueryText.One(query, "user"),
            Target = QueryText.One(query, "target"),
            SessionId = QueryText.One(query, "session") is { } session ? Guid.Parse(session) : null,
            Since = QueryText.TimeOf(query, "since"),
            Until = QueryText.TimeOf(query, "until"),
            Upto = QueryText.NumberOf(query, "upto", -1) is > 0 and var upto ? upto : null,
        };
        result = new EventQuery(filter, QueryText.NumberOf(query, "after", 0), (int)QueryText.NumberOf(query, "limit", DefaultLimit));
        return true;
    }

    /// <summary>Parameters that there are not, and those that are there twice.</summary>
    public static ProblemHttpResult? CheckNames(IQueryCollection query, IReadOnlyList<string> parameters)
    {
        if (query.Keys.FirstOrDefault(key => !parameters.Contains(key)) is { } unknown)
        {
            return Invalid(unknown, $"There is no parameter '{unknown}'; there are: {string.Join(", ", parameters)}.");
        }

        return parameters.FirstOrDefault(name => name != "type" && query[name].Count > 1) is { } repeated
            ? Invalid(repeated, $"'{repeated}' can be given once.")
            : null;
    }

    /// <summary>Places in the log, times, and the size of the page: what every query of the log may have.</summary>
    public static ProblemHttpResult? CheckRange(IQueryCollection query, int largestLimit = LargestLimit)
    {
        if (QueryText.One(query, "after") is not null && QueryText.NumberOf(query, "after", -1) < 0)
        {
            return Invalid("after", "'after' is a sequence in the log: 0 (the beginning) or a number that an earlier answer gave as 'next'.");
        }

        if (QueryText.One(query, "upto") is not null && QueryText.NumberOf(query, "upto", -1) < 1)
        {
            return Invalid("upto", "'upto' is a sequence in the log: the last one that is wanted.");
        }

        foreach (var name in new[] { "since", "until" })
        {
            if (QueryText.One(query, name) is not null && QueryText.TimeOf(query, name) is null)
            {
                return Invalid(name, $"'{name}' is a time with offset, as 2026-03-01T12:00:00Z (RFC 3339). A '+' in a URL is written %2B.");
            }
        }

        return QueryText.One(query, "limit") is not null && (QueryText.NumberOf(query, "limit", -1) < 1 || QueryText.NumberOf(query, "limit", -1) > largestLimit)
            ? Invalid("limit", $"'limit' is a number from 1 to {largestLimit}.")
            : null;
    }

    public static ProblemHttpResult Invalid(string parameter, string detail) => Problems.Problem(
        "invalid-parameter", StatusCodes.Status400BadRequest, detail, new Dictionary<string, object?> { ["parameter"] = parameter });

    private static ProblemHttpResult? Check(IQueryCollection query)
    {
        if (FilterRules.ProblemOf(TypesOf(query), QueryText.One(query, "workspace"), QueryText.One(query, "target")) is var (parameter, detail))
        {
            return Invalid(parameter, detail);
        }

        return QueryText.One(query, "session") is { } session && !Guid.TryParse(session, out _)
            ? Invalid("session", "'session' is the id of a session, a UUID.")
            : CheckRange(query);
    }

    private static IReadOnlyList<string> TypesOf(IQueryCollection query) =>
        [.. query["type"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
