namespace Workspaces.Cluster.Reconciling;

/// <summary>What a reconcile pass leads to.</summary>
/// <param name="LookAgainAfter">Look again after this time even if nothing happens; <see langword="null"/>: only when something does.</param>
public readonly record struct ReconcileResult(TimeSpan? LookAgainAfter)
{
    /// <summary>Nothing to do until something happens.</summary>
    public static ReconcileResult Settled => default;

    /// <summary>Look again after <paramref name="time"/>.</summary>
    public static ReconcileResult After(TimeSpan time) => new(time);
}
