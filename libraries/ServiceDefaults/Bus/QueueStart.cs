namespace Workspaces.ServiceDefaults.Bus;

/// <summary>When a service begins to read its durable queue.</summary>
public enum QueueStart
{
    /// <summary>As soon as it runs.</summary>
    WithHost,

    /// <summary>When it says so, by <see cref="IServiceQueue"/>: for workers, which read only while they hold their lease.</summary>
    ByHand,
}
