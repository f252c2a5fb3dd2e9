using Workspaces.Contracts;

namespace Workspaces.Proxy.LoginNames;

/// <summary>
/// An SSH login name, parsed but not yet resolved: what it says, not what exists. One of <see cref="BareLogin"/> and
/// <see cref="UserLogin"/>. <see cref="object.ToString"/> gives the canonical form, made only of letters, digits and
/// <c>-._~=,</c>, which parses to the same value.
/// </summary>
public abstract record LoginName
{
    private protected LoginName()
    {
    }

    /// <summary>Longest login name that is read, before and after decoding.</summary>
    public const int MaxLength = 255;
}

/// <summary><c>name [ "." replica ]</c>: a workspace of the key's owner, or the owner's own name.</summary>
/// <param name="Name">A DNS label.</param>
/// <param name="Replica">Which replica, if the login says so.</param>
public sealed record BareLogin(string Name, ReplicaSelector? Replica) : LoginName
{
    /// <inheritdoc/>
    public override string ToString() => Replica is null ? Name : $"{Name}.{Replica}";
}

/// <summary><c>user "~" spec</c>: says whose, and what to make where it does not exist yet.</summary>
/// <param name="User">A DNS label; must turn out to be the key's user.</param>
/// <param name="Spec">What follows the tilde; never empty.</param>
public sealed record UserLogin(string User, LoginSpec Spec) : LoginName
{
    /// <inheritdoc/>
    public override string ToString() => $"{User}~{Spec}";
}

/// <summary>The part after the tilde.</summary>
public sealed record LoginSpec
{
    /// <summary>Name of the blueprint to make the workspace from.</summary>
    public string? Blueprint { get; init; }

    /// <summary><c>ws=</c>: name of the workspace.</summary>
    public string? Workspace { get; init; }

    /// <summary><c>workload=</c>: the workload to go into.</summary>
    public WorkloadName? Workload { get; init; }

    /// <summary><c>ns=</c>: namespace of the workload.</summary>
    public string? Namespace { get; init; }

    /// <summary><c>mode=</c>: how to get into the workload.</summary>
    public InjectionMode? Mode { get; init; }

    /// <summary><c>replica=</c>: which replica.</summary>
    public ReplicaSelector? Replica { get; init; }

    /// <summary><c>user=</c>: the POSIX user to log in as inside the instance.</summary>
    public string? PosixUser { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Parts());

    private IEnumerable<string> Parts()
    {
        if (Blueprint is not null)
        {
            yield return Blueprint;
        }

        if (Workspace is not null)
        {
            yield return $"ws={Workspace}";
        }

        if (Workload is not null)
        {
            yield return $"workload={Workload}";
        }

        if (Namespace is not null)
        {
            yield return $"ns={Namespace}";
        }

        if (Mode is { } mode)
        {
            yield return mode == InjectionMode.Live ? "mode=live" : "mode=rollout";
        }

        if (Replica is not null)
        {
            yield return $"replica={Replica}";
        }

        if (PosixUser is not null)
        {
            yield return $"user={PosixUser}";
        }
    }
}

/// <summary>A workload as a login names it.</summary>
/// <param name="Kind">Kubernetes kind: <c>Deployment</c>, <c>StatefulSet</c> or <c>DaemonSet</c>.</param>
/// <param name="Name">Name of the workload.</param>
public sealed record WorkloadName(string Kind, string Name)
{
    /// <summary>The form with a dot, which neither scp nor rsync takes for a path.</summary>
    public override string ToString() => $"{Kind.ToLowerInvariant()}.{Name}";
}
