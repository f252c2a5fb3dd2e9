namespace Workspaces.LocalCluster.Pods;

/// <summary>Which part of a container's log to send, as the query of the log subresource says it.</summary>
public sealed record LogRequest
{
    public bool Follow { get; init; }

    /// <summary>The log of the run before the present one.</summary>
    public bool Previous { get; init; }

    /// <summary>Each line starts with its RFC 3339 time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Only so many of the last lines.</summary>
    public long? TailLines { get; init; }

    /// <summary>Only lines from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what was written to this stream, "stdout" or "stderr"; null for both.</summary>
    public string? Stream { get; init; }

    /// <summary>No more than so many bytes.</summary>
    public long? LimitBytes { get; init; }
}
