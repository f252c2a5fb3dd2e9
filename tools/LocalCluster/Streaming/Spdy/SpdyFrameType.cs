namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>Control frames (SPDY/3.1, 2.6).</summary>
internal enum SpdyFrameType
{
    /// <summary>Opens a stream.</summary>
    SynStream = 1,

    /// <summary>Accepts a stream.</summary>
    SynReply = 2,

    /// <summary>Ends a stream at once, in both directions.</summary>
    RstStream = 3,

    /// <summary>Wishes for the connection; none of them binds.</summary>
    Settings = 4,

    /// <summary>Asks for the same frame back.</summary>
    Ping = 6,

    /// <summary>No more streams will be opened.</summary>
    GoAway = 7,

    /// <summary>More headers of a stream.</summary>
    Headers = 8,

    /// <summary>So many more bytes may be sent.</summary>
    WindowUpdate = 9,
}
