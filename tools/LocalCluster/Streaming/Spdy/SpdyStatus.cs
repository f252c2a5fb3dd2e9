namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>Why a stream is reset (SPDY/3.1, 2.6.3).</summary>
internal enum SpdyStatus
{
    /// <summary>A frame that this stream cannot have.</summary>
    ProtocolError = 1,

    /// <summary>A frame for a stream that does not exist.</summary>
    InvalidStream = 2,

    /// <summary>The stream was not accepted.</summary>
    RefusedStream = 3,

    /// <summary>The stream is no longer wanted.</summary>
    Cancel = 5,
}
