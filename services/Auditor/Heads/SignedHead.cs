namespace Workspaces.Auditor.Heads;

/// <summary>A head of the log that was signed and published.</summary>
public sealed record SignedHead
{
    /// <summary>Sequence of the entry that was the newest.</summary>
    public required long Id { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The statement with its signature: a JSON Web Signature in compact form.</summary>
    public required string Jws { get; init; }
}
