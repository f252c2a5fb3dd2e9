namespace Workspaces.LocalSuite.Supervision;

/// <summary>How far the suite is.</summary>
internal enum SuitePhase
{
    /// <summary>Not everything has been ready yet.</summary>
    Starting,

    /// <summary>Everything has been ready; what ends is started again.</summary>
    Ready,

    /// <summary>Being stopped.</summary>
    Stopping,

    /// <summary>Stopped as asked.</summary>
    Stopped,

    /// <summary>The start failed; nothing runs.</summary>
    Failed,
}
