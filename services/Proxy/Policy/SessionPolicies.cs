using Workspaces.Contracts;
using Workspaces.Proxy.Relaying;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Policy;

/// <summary>
/// What a session may be used for. Everything is allowed at first, save agent and X11 forwarding into injected workspaces: another
/// container's root can read those sockets through /proc. Then the rules, in order; a later one wins. Pure.
/// <para>This binds the client and a cooperating instance, not somebody who is root in the pod.</para>
/// </summary>
public sealed class SessionPolicies
{
    private static readonly SessionUse[] NotIntoOthersPods = [SessionUse.AgentForward, SessionUse.X11];

    private readonly IReadOnlyList<PolicyRule> _rules;

    /// <summary>Takes the rules of the configuration.</summary>
    /// <exception cref="ProxyConfigurationException">A rule cannot mean anything.</exception>
    public SessionPolicies(IEnumerable<PolicyRule> rules)
    {
        _rules = [.. rules];
        for (var i = 0; i < _rules.Count; i++)
        {
            var rule = _rules[i];
            if (rule.Deny.Count + rule.Allow.Count == 0)
            {
                throw new ProxyConfigurationException($"Proxy:Policies:{i} neither denies nor allows anything. Set Deny or Allow, for instance Proxy__Policies__{i}__Deny__0=Exec.");
            }

            if (rule.Targets.FirstOrDefault(target => target.Count(c => c == '/') != 1 || !(target.EndsWith("/*", StringComparison.Ordinal) || target.Contains('.'))) is { } wrong)
            {
                throw new ProxyConfigurationException($"Proxy:Policies:{i} has the target '{wrong}'. Write NAMESPACE/KIND.NAME, for instance shop/deployment.payments, or NAMESPACE/*.");
            }
        }
    }

    /// <summary>What a user's session on an instance may be used for.</summary>
    public RelayPolicy For(string user, Workspace workspace, InstanceRoute route)
    {
        var denied = new HashSet<SessionUse>(workspace.Identity.Model == WorkspaceModel.Injection ? NotIntoOthersPods : []);
        foreach (var rule in _rules.Where(rule => Applies(rule, user, workspace, route)))
        {
            denied.UnionWith(rule.Deny);
            denied.ExceptWith(rule.Allow);
        }

        return new RelayPolicy
        {
            Shell = !denied.Contains(SessionUse.Shell),
            Exec = !denied.Contains(SessionUse.Exec),
            Sftp = !denied.Contains(SessionUse.Sftp),
            LocalForward = !denied.Contains(SessionUse.LocalForward),
            RemoteForward = !denied.Contains(SessionUse.RemoteForward),
            AgentForward = !denied.Contains(SessionUse.AgentForward),
            X11 = !denied.Contains(SessionUse.X11),
        };
    }

    private static bool Applies(PolicyRule rule, string user, Workspace workspace, InstanceRoute route) =>
        (rule.Users.Count == 0 || rule.Users.Contains(user))
        && (rule.Blueprints.Count == 0 || rule.Blueprints.Contains(workspace.Identity.Blueprint))
        && (rule.Targets.Count == 0 || (workspace.Identity.Model == WorkspaceModel.Injection && rule.Targets.Any(target => IsTarget(target, route))));

    private static bool IsTarget(string target, InstanceRoute route)
    {
        var (ns, workload) = (route.Announcement.Pod.Namespace, route.Announcement.Workload);
        return target == $"{ns}/*" || string.Equals(target, $"{ns}/{workload.Kind}.{workload.Name}", StringComparison.OrdinalIgnoreCase);
    }
}
