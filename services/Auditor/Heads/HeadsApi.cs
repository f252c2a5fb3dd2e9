using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Auditor.Querying;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Heads;

/// <summary>Signed heads of the log, and the key to verify them with.</summary>
internal static class HeadsApi
{
    private static readonly string[] Parameters = ["after", "limit"];

    public static IHostApplicationBuilder AddSignedHeads(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<HeadOptions>().BindConfiguration(HeadOptions.Section)
            .Validate(options => options.Interval > TimeSpan.Zero, $"{HeadOptions.Section}:{nameof(HeadOptions.Interval)} is more than zero.").ValidateOnStart();
        builder.Services.AddSingleton<HeadSigner>();
        builder.Services.AddSingleton<HeadVerifier>();
        builder.Services.AddSingleton<HeadPublisher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HeadPublisher>());
        return builder;
    }

    public static IEndpointRouteBuilder MapHeadsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/log/heads").RequireScope(Scopes.EventsRead);
        group.MapGet("", ListAsync).WithName("ListSignedHeads");
        group.MapGet("/key", Key).WithName("SignedHeadsKey");
        return routes;
    }

    private static async Task<Results<Ok<HeadPage>, ProblemHttpResult>> ListAsync(HttpRequest request, IDocumentStore store, CancellationToken cancellationToken)
    {
        if ((EventQuery.CheckNames(request.Query, Parameters) ?? EventQuery.CheckRange(request.Query)) is { } problem)
        {
            return problem;
        }

        var (after, limit) = (QueryText.NumberOf(request.Query, "after", 0), (int)QueryText.NumberOf(request.Query, "limit", EventQuery.DefaultLimit));
        await using var session = store.QuerySession();
        var heads = await session.Query<SignedHead>().Where(head => head.Id > after).OrderBy(head => head.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var shown = heads.Take(limit).Select(head => new HeadView(head.Id, head.At, head.Jws)).ToList();
        return TypedResults.Ok(new HeadPage(shown, shown.Count == 0 ? after : shown[^1].Sequence, heads.Count > limit));
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Key(HeadSigner signer) => signer.PublicKey is { } key
        ? TypedResults.Text(key, "application/x-pem-file")
        : Problems.Problem("heads-not-signed", StatusCodes.Status404NotFound, "This installation does not sign the head of its log.");

    private sealed record HeadPage(IReadOnlyList<HeadView> Heads, long Next, bool More);

    private sealed record HeadView(long Sequence, DateTimeOffset At, string Jws);
}
