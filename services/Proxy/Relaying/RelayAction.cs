namespace Workspaces.Proxy.Relaying;

/// <summary>What becomes of one message.</summary>
internal enum RelayAction
{
    /// <summary>It goes on to the other side.</summary>
    Relay,

    /// <summary>Its sender gets an answer; the other side gets nothing.</summary>
    Answer,

    /// <summary>Nothing happens.</summary>
    Drop,
}
