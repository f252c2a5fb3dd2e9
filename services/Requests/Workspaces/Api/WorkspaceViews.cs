using Microsoft.Extensions.Options;
using Workspaces.Requests.Blueprints;
using Workspaces.Requests.Lifetimes;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Makes what the API shows of a workspace.</summary>
public sealed class WorkspaceViews(IOptions<ProxyOptions> proxy, UsageStore usages)
{
    /// <summary>One workspace.</summary>
    public async Task<WorkspaceView> OfAsync(Workspace workspace, CancellationToken cancellationToken) => (await OfAsync([workspace], cancellationToken))[0];

    /// <summary>Several workspaces.</summary>
    public async Task<IReadOnlyList<WorkspaceView>> OfAsync(IReadOnlyCollection<Workspace> workspaces, CancellationToken cancellationToken)
    {
        // Looked up only where it shows.
        var stopping = workspaces.Where(workspace => IdlePolicy.StopAt(workspace, null) is not null).Select(workspace => workspace.Id);
        var lastUsed = await usages.FindAsync([.. stopping], cancellationToken);
        return [.. workspaces.Select(workspace => Of(workspace, lastUsed.TryGetValue(workspace.Id, out var at) ? at : null))];
    }

    /// <summary>A workspace of which it is known when it was last used.</summary>
    public WorkspaceView Of(Workspace workspace, DateTimeOffset? lastUsedAt) => new()
    {
        Id = workspace.Id,
        Name = workspace.Name,
        Owner = workspace.Owner.Name,
        Blueprint = workspace.Blueprint.Name,
        Model = workspace.Model,
        Target = workspace.Target,
        State = workspace.State,
        Stage = workspace.Stage,
        Reason = workspace.Failure?.ToString() ?? workspace.Change?.ToString(),
        Message = workspace.Message,
        Instances = Instances(workspace),
        Ignored = IgnoredParts.Of(workspace.Blueprint, workspace.Owner.Name, workspace.Target),
        Ssh = Ssh(workspace),
        CreatedAt = workspace.CreatedAt,
        ExpiresAt = workspace.ExpiresAt,
        IdleStopAt = IdlePolicy.StopAt(workspace, lastUsedAt),
    };

    /// <summary>Its instances.</summary>
    public static IReadOnlyList<InstanceView> Instances(Workspace workspace) =>
    [
        .. workspace.Instances.OrderBy(up => up.Replica, StringComparer.Ordinal).Select(up =>
            new InstanceView(up.InstanceId, up.Pod.Name, up.Pod.Namespace, up.Replica, up.Pod.Node, "Up", up.OccurredAt)),
    ];

    /// <summary>One command that lets the Proxy choose; where there are several instances, one for each beside it.</summary>
    private List<string> Ssh(Workspace workspace)
    {
        var port = proxy.Value.PublicPort == 22 ? "" : $"-p {proxy.Value.PublicPort} ";
        var logins = new List<string> { workspace.Name };
        if (workspace.Instances.Count > 1)
        {
            logins.AddRange(workspace.Instances.Select(up => $"{workspace.Name}.{up.Replica}").Order(StringComparer.Ordinal));
        }

        return [.. logins.Select(login => $"ssh {port}{login}@{proxy.Value.PublicHost}")];
    }
}
