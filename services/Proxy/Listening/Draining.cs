using Workspaces.Contracts;
using Workspaces.Proxy.Sessions;

namespace Workspaces.Proxy.Listening;

/// <summary>
/// What happens when the Proxy is told to stop: the server takes no more connections, sessions go on for a while, and those that
/// are left are ended with a word.
/// </summary>
internal sealed partial class Draining(
    SessionRegistry sessions, ProxyOptions options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Draining> logger) : IHostedService
{
    /// <summary>What people read.</summary>
    public const string Sentence = "The Proxy is shutting down. Log in again in a moment.";

    /// <summary>After the drain time, for sessions to be closed properly.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private Task _drain = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _drain = DrainAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _drain;

    private async Task DrainAsync()
    {
        if (sessions.All.Count == 0)
        {
            return;
        }

        LogDraining(logger, sessions.All.Count, options.DrainTime);
        await Task.Delay(options.DrainTime, time);
        foreach (var session in sessions.All)
        {
            session.End(SessionCloseReason.ProxyShutdown, Sentence);
        }
    }

    [LoggerMessage(1510, LogLevel.Information, "{Count} sessions have {Time} to end by themselves.")]
    private static partial void LogDraining(ILogger logger, int count, TimeSpan time);
}
