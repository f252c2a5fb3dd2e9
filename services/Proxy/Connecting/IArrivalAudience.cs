namespace Workspaces.Proxy.Connecting;

/// <summary>The person who waits, as far as talking to them goes.</summary>
public interface IArrivalAudience
{
    /// <summary>Shows a line.</summary>
    ValueTask TellAsync(string line, CancellationToken cancellationToken);

    /// <summary>Gives a sign of life that shows nothing.</summary>
    ValueTask KeepAliveAsync(CancellationToken cancellationToken);
}
