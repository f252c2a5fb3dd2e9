using Workspaces.Contracts;
using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Connecting;

/// <summary>
/// One login on its way to an instance. Looks at the state of things, each time anew, and says what to do next; remembers only
/// what it has asked for already. Does nothing itself.
/// </summary>
public sealed class Arrival(WorkspaceWish wish, string login)
{
    private long _startedGeneration;
    private long _watchedGeneration;

    /// <summary>The workspace that was asked for, where this login did so.</summary>
    public string? AskedFor { get; private set; }

    /// <summary>The one sentence for workspaces that are somebody else's and for those that do not exist.</summary>
    public static string NoSuchWorkspace(string login) => $"You have no workspace '{SafeText.OneLine(login)}'.";

    /// <summary>Notes that Requests has been asked to make the workspace, and which that is.</summary>
    public void Created(string id) => AskedFor = id;

    /// <summary>Notes that Requests has been asked to start the workspace.</summary>
    public void Started(Workspace workspace) => _startedGeneration = workspace.Status.Generation;

    /// <summary>Says what to do next.</summary>
    public ArrivalStep Look(RoutingTable routes)
    {
        var workspace = routes.Find(wish.Owner, wish.Workspace);
        if (workspace is null)
        {
            return LookAtNothing(routes);
        }

        if (IsMadeOtherwise(workspace) is { } difference)
        {
            return new ArrivalStep.GiveUp(difference);
        }

        var step = workspace.Status.State switch
        {
            WorkspaceState.Deleting when wish.Recipe is null => new ArrivalStep.GiveUp($"Workspace {wish.Workspace} is being deleted."),
            WorkspaceState.Deleting => new ArrivalStep.Wait($"Workspace {wish.Workspace} is being deleted; then it is made anew."),
            WorkspaceState.Stopping => new ArrivalStep.Wait($"Workspace {wish.Workspace} is stopping; then it is started again."),
            WorkspaceState.Stopped => Start(workspace),
            _ => LookAtInstances(workspace, routes.InstancesOf(workspace.Id)),
        };
        _watchedGeneration = Math.Max(_watchedGeneration, workspace.Status.Generation);
        return step;
    }

    private ArrivalStep LookAtNothing(RoutingTable routes)
    {
        if (wish.Recipe is null)
        {
            return new ArrivalStep.GiveUp(NoSuchWorkspace(login), IsNoSuchWorkspace: true);
        }

        if (AskedFor is null)
        {
            return new ArrivalStep.Create();
        }

        return routes.IsDeleted(AskedFor)
            ? new ArrivalStep.GiveUp($"Workspace {wish.Workspace} was deleted while you waited for it.")
            : new ArrivalStep.Wait($"Workspace {wish.Workspace} has been asked for.");
    }

    private ArrivalStep LookAtInstances(Workspace workspace, InstanceSet instances)
    {
        if (wish.Replica is { IsAsk: true })
        {
            if (instances.Count > 1)
            {
                return new ArrivalStep.Choose(workspace, instances.All);
            }

            if (instances.TryLease(selector: null, wish.Owner, out var only))
            {
                return new ArrivalStep.Arrive(workspace, only);
            }
        }
        else if (instances.TryLease(wish.Replica, wish.Owner, out var lease))
        {
            return new ArrivalStep.Arrive(workspace, lease);
        }

        if (instances.Count > 0 && instances.UsableCount == 0)
        {
            return new ArrivalStep.GiveUp(
                $"No instance of workspace {wish.Workspace} proved to be what it was announced as, so you were not connected. Tell an operator.");
        }

        return workspace.Status.State switch
        {
            WorkspaceState.Failed => LookAtFailure(workspace),
            WorkspaceState.Requested => new ArrivalStep.Wait($"Workspace {wish.Workspace} has been asked for."),
            WorkspaceState.Starting => new ArrivalStep.Wait(Progress(workspace)),
            _ => LookAtReadyWithout(instances),
        };
    }

    /// <summary>Ready, but the instance that is wanted is not there.</summary>
    private ArrivalStep LookAtReadyWithout(InstanceSet instances)
    {
        if (instances.Count == 0)
        {
            return new ArrivalStep.Wait($"No instance of workspace {wish.Workspace} is up at the moment; waiting for the next.");
        }

        return new ArrivalStep.GiveUp($"Workspace {wish.Workspace} has no usable replica '{wish.Replica}'. There are: {ListOf(instances.All)}.");
    }

    /// <summary>A failure that was there before this login is mended by a start; one that happened meanwhile is told.</summary>
    private ArrivalStep LookAtFailure(Workspace workspace)
    {
        var generation = workspace.Status.Generation;
        if (generation == _startedGeneration)
        {
            return new ArrivalStep.Wait($"Workspace {wish.Workspace} is started again.");
        }

        var happenedMeanwhile = _watchedGeneration != 0 || AskedFor == workspace.Id;
        return happenedMeanwhile
            ? new ArrivalStep.GiveUp($"Workspace {wish.Workspace} could not come up: {SafeText.OneLine(workspace.Status.Message)}")
            : new ArrivalStep.Start(workspace);
    }

    private ArrivalStep Start(Workspace workspace) => workspace.Status.Generation == _startedGeneration
        ? new ArrivalStep.Wait($"Workspace {wish.Workspace} is started again.")
        : new ArrivalStep.Start(workspace);

    private string? IsMadeOtherwise(Workspace workspace)
    {
        if (wish.Recipe is not { } recipe)
        {
            return null;
        }

        var blueprint = workspace.Identity.Blueprint;
        var model = recipe.Target is null ? WorkspaceModel.Standalone : WorkspaceModel.Injection;
        return blueprint == recipe.Blueprint && workspace.Identity.Model == model
            ? null
            : $"Your workspace {wish.Workspace} exists and was made otherwise, from blueprint {blueprint}. "
                + $"Log in to it as {wish.Workspace}, or give the new one a name: {wish.Owner}~{recipe.Blueprint},ws=NAME.";
    }

    private string Progress(Workspace workspace) => SafeText.OneLine(workspace.Status.Message) is { Length: > 0 } message
        ? $"Workspace {wish.Workspace}: {message}"
        : $"Workspace {wish.Workspace} is coming up.";

    /// <summary>Names of replicas for a person.</summary>
    internal static string ListOf(IReadOnlyList<InstanceRoute> all)
    {
        const int Shown = 20;
        var list = string.Join(", ", all.Take(Shown).Select(route => SafeText.OneLine(route.Replica)));
        return all.Count > Shown ? $"{list} and {all.Count - Shown} more" : list;
    }
}
