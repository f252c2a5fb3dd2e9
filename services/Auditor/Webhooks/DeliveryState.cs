namespace Workspaces.Auditor.Webhooks;

/// <summary>Whether an event arrived.</summary>
public enum DeliveryState
{
    /// <summary>Not yet; it is tried again.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>It was tried for three days in vain, or its entry was archived meanwhile.</summary>
    Dead,
}
