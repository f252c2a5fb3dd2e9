namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>Each second puts on the disk itself what was appended, and each minute notes how much the open sessions have moved.</summary>
internal sealed partial class SpoolKeeper(AuditSpool spool, SessionRegistry sessions, TimeProvider time, ILogger<SpoolKeeper> logger) : BackgroundService
{
    private const int SecondsBetweenNotes = 60;

    private readonly Dictionary<Guid, SessionTraffic> _noted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var seconds = 1; await timer.WaitForNextTickAsync(stoppingToken); seconds++)
        {
            try
            {
                spool.FlushToDisk();
                if (seconds % SecondsBetweenNotes == 0)
                {
                    NoteTraffic();
                }
            }
            catch (IOException e)
            {
                LogNotWritten(logger, e);
            }
        }
    }

    private void NoteTraffic()
    {
        var traffic = sessions.All.Select(session => session.Traffic).Where(now => _noted.GetValueOrDefault(now.SessionId) != now).ToList();
        if (traffic.Count > 0)
        {
            spool.Note(traffic);
        }

        _noted.Clear();
        foreach (var session in sessions.All)
        {
            _noted[session.Id] = session.Traffic;
        }
    }

    [LoggerMessage(1310, LogLevel.Error, "The spool cannot be written. Is its disk full?")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);
}
