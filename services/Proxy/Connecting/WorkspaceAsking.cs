using System.Collections.Concurrent;
using System.Net;
using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Proxy.Connecting;

/// <summary>
/// Asks Requests to make or start workspaces, once for however many logins wait for the same one, and goes on when those logins
/// leave. Tries again, with back-off, while Requests does not answer.
/// </summary>
public sealed partial class WorkspaceAsking(
    RequestsClient requests, RoutingTable routes, ProxyOptions options, IHostApplicationLifetime lifetime, ILogger<WorkspaceAsking> logger)
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>Names may be deleted and used again; more often than this while somebody asks is a fault.</summary>
    private const int MaxFormerWorkspaces = 100;

    private readonly ConcurrentDictionary<string, Lazy<Task<AskResult>>> _asking = new(StringComparer.Ordinal);

    /// <summary>Asks for the workspace that is wished for.</summary>
    public Task<AskResult> CreateAsync(WorkspaceWish wish, CancellationToken cancellationToken)
    {
        var recipe = wish.Recipe ?? throw new ArgumentException("The wish does not say how to make the workspace.", nameof(wish));
        return OnceAsync($"create/{wish.Owner}/{wish.Workspace}/{recipe}", token => CreateAsync(wish.Owner, wish.Workspace, recipe, token), cancellationToken);
    }

    /// <summary>Asks that a workspace run again.</summary>
    public Task<AskResult> StartAsync(Workspace workspace, CancellationToken cancellationToken) => OnceAsync(
        $"start/{workspace.Id}/{workspace.Status.Generation}",
        async token =>
        {
            var answer = await TryUntilAnsweredAsync(
                t => requests.StartAsync(workspace.Identity.Owner, workspace.Id, workspace.Status.Generation, t), workspace.Identity.Name, token);
            return answer.Id is { } id ? AskResult.Asked(id) : Refused(workspace.Identity.Name, answer);
        },
        cancellationToken);

    private async Task<AskResult> CreateAsync(string owner, string name, WorkspaceRecipe recipe, CancellationToken cancellationToken)
    {
        string? former = null;
        for (var i = 0; i < MaxFormerWorkspaces; i++)
        {
            var answer = await TryUntilAnsweredAsync(token => requests.CreateAsync(owner, name, recipe, former, token), name, cancellationToken);
            if (answer.Status == HttpStatusCode.Conflict)
            {
                return await FindTakenAsync(owner, name, answer, cancellationToken);
            }

            if (answer.Id is not { } id)
            {
                return Refused(name, answer);
            }

            // An answer that was given before is given again: it may be about a workspace that has been deleted since.
            if (!await IsGoneAsync(owner, id, cancellationToken))
            {
                LogAsked(logger, name, id, owner);
                return AskResult.Asked(id);
            }

            former = id;
        }

        return AskResult.Refused($"Workspace {name} could not be asked for: Requests names one deleted workspace after another.");
    }

    /// <summary>The name is taken: by the same user, who was faster by another way, or by somebody else.</summary>
    private async Task<AskResult> FindTakenAsync(string owner, string name, RequestAnswer refusal, CancellationToken cancellationToken)
    {
        var found = await TryUntilAnsweredAsync(token => requests.GetAsync(owner, name, token), name, cancellationToken);
        return found.Id is { } id && (found.Owner is null || found.Owner == owner) ? AskResult.Asked(id) : Refused(name, refusal);
    }

    private async Task<bool> IsGoneAsync(string owner, string id, CancellationToken cancellationToken)
    {
        if (routes.Get(id) is not null)
        {
            return false;
        }

        if (routes.IsDeleted(id))
        {
            return true;
        }

        var found = await TryUntilAnsweredAsync(token => requests.GetAsync(owner, id, token), id, cancellationToken);
        return found.Status is HttpStatusCode.Gone or HttpStatusCode.NotFound;
    }

    private async Task<RequestAnswer> TryUntilAnsweredAsync(
        Func<CancellationToken, Task<RequestAnswer>> ask, string name, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(LongestBackOff);
        while (true)
        {
            try
            {
                return await ask(cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                LogNotAnswered(logger, name, e);
            }

            await backOff.WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static AskResult Refused(string name, RequestAnswer answer) => AskResult.Refused(
        SafeText.OneLine(answer.Detail) is { Length: > 0 } detail
            ? $"Workspace {name} was refused: {detail}"
            : $"Workspace {name} was refused ({(int)answer.Status}).");

    private async Task<AskResult> OnceAsync(string what, Func<CancellationToken, Task<AskResult>> ask, CancellationToken cancellationToken)
    {
        var asking = _asking.GetOrAdd(what, key => new Lazy<Task<AskResult>>(() => RunAsync(key, ask)));
        return await asking.Value.WaitAsync(cancellationToken);
    }

    private async Task<AskResult> RunAsync(string key, Func<CancellationToken, Task<AskResult>> ask)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        limit.CancelAfter(options.Wait.Longest);
        try
        {
            return await Task.Run(() => ask(limit.Token), limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return AskResult.Refused("The service that makes workspaces does not answer. Try again later.");
        }
        finally
        {
            _asking.TryRemove(key, out _);
        }
    }

    [LoggerMessage(1200, LogLevel.Information, "Workspace {Name} ({Id}) was asked for, for {Owner} at login.")]
    private static partial void LogAsked(ILogger logger, string name, string id, string owner);

    [LoggerMessage(1201, LogLevel.Warning, "Requests did not answer about workspace {Name}; trying again.")]
    private static partial void LogNotAnswered(ILogger logger, string name, Exception exception);
}

/// <summary>What asking led to.</summary>
/// <param name="Id">Id of the workspace, where it was asked for.</param>
/// <param name="Refusal">Why not, otherwise.</param>
public sealed record AskResult(string? Id, string? Refusal)
{
    /// <summary>It was asked for.</summary>
    public static AskResult Asked(string id) => new(id, null);

    /// <summary>It was refused.</summary>
    public static AskResult Refused(string sentence) => new(null, sentence);
}
