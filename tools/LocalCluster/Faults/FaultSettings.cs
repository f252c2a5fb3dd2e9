namespace Workspaces.LocalCluster.Faults;

/// <summary>What a fault of requests does, and to which of them.</summary>
internal sealed record FaultSettings
{
    /// <summary>Probability from 0 to 1 that it strikes a request that it matches.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>Where its dice begin: the same seed strikes the same requests of a sequence.</summary>
    public int Seed { get; init; } = Random.Shared.Next();

    /// <summary>How often it strikes; null: until it is cleared.</summary>
    public int? Times { get; init; }

    /// <summary>Answer: the status code, one of 409, 410, 429, 500 and 503.</summary>
    public int Code { get; init; }

    /// <summary>Answer of a watch: as an ERROR event inside a stream that began well, and not as the status of the request.</summary>
    public bool InStream { get; init; }

    /// <summary>Latency: how long.</summary>
    public double Milliseconds { get; init; }

    /// <summary>Latency: by how much it is longer or shorter at random.</summary>
    public double JitterMilliseconds { get; init; }

    /// <summary>Cut: after so many bytes of the body; 0 cuts before the first, so that the client does not learn what became of its request.</summary>
    public long AfterBytes { get; init; }

    public FaultMatch Match { get; init; } = new();
}
