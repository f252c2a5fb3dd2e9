using System.Security.Cryptography;
using System.Text;
using Workspaces.Contracts;

namespace Workspaces.Proxy.LoginNames;

/// <summary>
/// Says what a login name means for a user. Pure, and independent of which workspaces exist, so that the same login name always
/// means the same workspace:
/// <list type="bullet">
/// <item><c>payments-debug</c> and <c>alice~ws=payments-debug</c>: that workspace.</item>
/// <item><c>alice~dev</c>: the workspace <c>alice-dev</c>, made from blueprint <c>dev</c> where it does not exist.</item>
/// <item><c>alice</c>: as <c>alice~dev</c>, where <c>dev</c> is the configured default blueprint.</item>
/// <item><c>alice~debug,workload=deployment.payments,ns=shop</c>: <c>alice-debug-payments-</c> and five characters that tell
/// apart workloads of the same name in other namespaces, of other kinds, and modes.</item>
/// </list>
/// </summary>
public sealed class LoginNameResolver
{
    private const int DistinctionLength = 5;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly string _defaultBlueprint;
    private readonly string _defaultWorkloadBlueprint;

    /// <summary>Makes a resolver for one installation.</summary>
    /// <param name="defaultBlueprint">What <c>alice</c> alone is made from.</param>
    /// <param name="defaultWorkloadBlueprint">What a login with <c>workload=</c> and no blueprint is made from.</param>
    public LoginNameResolver(string defaultBlueprint, string defaultWorkloadBlueprint)
    {
        _defaultBlueprint = defaultBlueprint;
        _defaultWorkloadBlueprint = defaultWorkloadBlueprint;
    }

    /// <summary>What <paramref name="login"/> means for <paramref name="user"/>; null where it names somebody else.</summary>
    public WorkspaceWish? Resolve(LoginName login, string user) => login switch
    {
        BareLogin bare when bare.Name == user => DefaultOf(user, bare.Replica),
        BareLogin bare => new WorkspaceWish(user, bare.Name, bare.Replica, Recipe: null, PosixUser: null),
        UserLogin named when named.User == user => ResolveSpec(user, named.Spec),
        _ => null,
    };

    private WorkspaceWish DefaultOf(string user, ReplicaSelector? replica) =>
        new(user, NameOf(user, _defaultBlueprint), replica, new WorkspaceRecipe(_defaultBlueprint, Target: null), PosixUser: null);

    private WorkspaceWish ResolveSpec(string user, LoginSpec spec)
    {
        if (spec is { Blueprint: null, Workload: null, Workspace: not null })
        {
            return new WorkspaceWish(user, spec.Workspace, spec.Replica, Recipe: null, spec.PosixUser);
        }

        if (spec.Workload is not { } workload)
        {
            var blueprint = spec.Blueprint ?? _defaultBlueprint;
            var recipe = new WorkspaceRecipe(blueprint, Target: null);
            return new WorkspaceWish(user, spec.Workspace ?? NameOf(user, blueprint), spec.Replica, recipe, spec.PosixUser);
        }

        var target = new WorkspaceTarget
        {
            Kind = workload.Kind,
            Namespace = spec.Namespace ?? throw new ArgumentException("A parsed login with workload= has ns= too.", nameof(spec)),
            Name = workload.Name,
            Mode = spec.Mode ?? InjectionMode.Rollout,
        };
        var injected = new WorkspaceRecipe(spec.Blueprint ?? _defaultWorkloadBlueprint, target);
        return new WorkspaceWish(user, spec.Workspace ?? NameOf(user, injected.Blueprint, target), spec.Replica, injected, spec.PosixUser);
    }

    private static string NameOf(string user, string blueprint)
    {
        var name = $"{user}-{blueprint}";
        return name.Length <= DnsLabel.MaxLength ? name : Shortened(name, Distinction(name));
    }

    private static string NameOf(string user, string blueprint, WorkspaceTarget target)
    {
        // Names of workloads may have dots, names of workspaces not.
        var name = $"{user}-{blueprint}-{target.Name.Replace('.', '-')}";
        return Shortened(name, Distinction($"{user}/{blueprint}/{target.Mode}/{target.Kind}/{target.Namespace}/{target.Name}"));
    }

    private static string Shortened(string name, string distinction)
    {
        var room = DnsLabel.MaxLength - DistinctionLength - 1;
        return $"{(name.Length <= room ? name : name[..room].TrimEnd('-'))}-{distinction}";
    }

    private static string Distinction(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Concat(hash.Take(DistinctionLength).Select(b => Base32[b & 31]));
    }
}
