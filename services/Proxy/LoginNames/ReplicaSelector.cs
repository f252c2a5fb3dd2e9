namespace Workspaces.Proxy.LoginNames;

/// <summary>
/// Which replica of a workspace a login means: a StatefulSet ordinal, a pod name, the suffix of a pod name, or <c>ask</c>.
/// Which of these it is shows only when it is compared with the replicas that exist.
/// </summary>
/// <param name="Text">Letters, digits, '-' and '.'.</param>
public sealed record ReplicaSelector(string Text)
{
    /// <summary>The person wants to be asked.</summary>
    public bool IsAsk => Text == "ask";

    /// <summary>Whether a replica is meant.</summary>
    /// <param name="replica">Ordinal or suffix of the replica.</param>
    /// <param name="pod">Name of its pod.</param>
    public bool Matches(string replica, string pod) => Text == replica || Text == pod;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
