using Microsoft.Extensions.Options;
using Workspaces.Requests.Blueprints;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Makes what the API shows of a workspace.</summary>
public sealed class WorkspaceViews(IOptions<ProxyOptions> proxy)
{
    /// <summary>The whole workspace.</summary>
    public WorkspaceView Of(Workspace workspace) => new()
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
        IdleStopAt = null,
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
