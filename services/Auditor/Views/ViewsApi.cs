using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Views;

/// <summary>
/// The views over HTTP. Each takes <c>since</c> and <c>until</c> and looks at what the log holds: what has been archived is not in them,
/// and <c>logBegins</c> says since when that is.
/// </summary>
internal static class ViewsApi
{
    private const int LargestLimit = 200;
    private const int DefaultLimit = 50;

    public static IEndpointRouteBuilder MapViewsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/views").WithTags("views").RequireScope(Scopes.EventsRead);
        group.MapGet("/pods/{ns}/{pod}/sessions", PodSessionsAsync).WithName("PodSessions");
        group.MapGet("/workloads/{ns}/{kind}/{name}/workspaces", WorkloadWorkspacesAsync).WithName("WorkloadWorkspaces");
        group.MapGet("/failed-logins", FailedLoginsAsync).WithName("FailedLogins");
        return routes;
    }

    private static async Task<Results<Ok<PodSessions>, ProblemHttpResult>> PodSessionsAsync(
        string ns, string pod, HttpRequest request, PodView view, CancellationToken cancellationToken) =>
        Check(request.Query, "since", "until", "after", "limit") is { } problem
            ? problem
            : TypedResults.Ok(await view.SessionsAsync(ns, pod, RangeOf(request.Query), cancellationToken));

    private static async Task<Results<Ok<WorkloadWorkspaces>, ProblemHttpResult>> WorkloadWorkspacesAsync(
        string ns, string kind, string name, HttpRequest request, WorkloadView view, CancellationToken cancellationToken) =>
        Check(request.Query, "since", "until", "after", "limit") is { } problem
            ? problem
            : TypedResults.Ok(await view.WorkspacesAsync($"{ns}/{kind}/{name}", RangeOf(request.Query), cancellationToken));

    private static async Task<Results<Ok<FailedLogins>, ProblemHttpResult>> FailedLoginsAsync(
        HttpRequest request, FailedLoginView view, CancellationToken cancellationToken)
    {
        if (Check(request.Query, "since", "until", "address", "limit") is { } problem)
        {
            return problem;
        }

        var range = RangeOf(request.Query);
        return await view.ByAddressAsync(range.Since, range.Until, QueryText.One(request.Query, "address"), range.Limit, cancellationToken) is { } logins
            ? TypedResults.Ok(logins)
            : Problems.Problem(
                "range-too-large",
                StatusCodes.Status400BadRequest,
                $"There are more than {FailedLoginView.MostEntries} reports of failed logins in this time. Ask for a shorter time with 'since' and 'until'.");
    }

    private static ProblemHttpResult? Check(IQueryCollection query, params string[] parameters) =>
        EventQuery.CheckNames(query, parameters) ?? EventQuery.CheckRange(query, LargestLimit);

    private static ViewRange RangeOf(IQueryCollection query) => new(
        QueryText.TimeOf(query, "since"), QueryText.TimeOf(query, "until"), QueryText.NumberOf(query, "after", 0), (int)QueryText.NumberOf(query, "limit", DefaultLimit));
}
