namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>How an attempt to deliver a webhook ended.</summary>
public enum WebhookOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The receiver answered 410: it never wants to hear from this webhook again.</summary>
    Gone,

    /// <summary>The receiver answered something else. A redirect is that as well: none is followed.</summary>
    Rejected,

    /// <summary>No connection, no TLS, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The target's address is not allowed; nothing was sent.</summary>
    Refused,
}
