using System.Security.Cryptography;
using System.Text;

namespace Workspaces.Requests.Blueprints;

/// <summary>
/// Reloads the blueprints when their folder changes. Looks at the folder at intervals instead of trusting file notifications
/// alone, because a mounted ConfigMap changes by swapping a symbolic link and network file systems notify nobody; a notification
/// only makes it look sooner.
/// </summary>
public sealed class BlueprintFolderWatcher(BlueprintCatalog catalog, ILogger<BlueprintFolderWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Editors write in several steps; a set read in between would be refused for nothing.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>Taken before each reading, so that a change during the reading is seen as one.</summary>
    private string _seen = "";

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _seen = Fingerprint();
        catalog.Reload();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = Watch(changed);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await changed.WaitAsync(Interval, stoppingToken))
            {
                await Task.Delay(Settling, stoppingToken);
            }

            var now = Fingerprint();
            if (now != _seen)
            {
                _seen = now;
                catalog.Reload();
            }
        }
    }

    private FileSystemWatcher? Watch(SemaphoreSlim changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(catalog.Folder);
            watcher.Changed += Signal;
            watcher.Created += Signal;
            watcher.Deleted += Signal;
            watcher.Renamed += Signal;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            BlueprintsLog.NotWatching(logger, catalog.Folder, Interval.TotalSeconds, exception);
            return null;
        }

        void Signal(object sender, FileSystemEventArgs args) => changed.Release();
    }

    /// <summary>Names, sizes and times of the files; also of an unreadable folder, so that its return is a change.</summary>
    private string Fingerprint()
    {
        try
        {
            var text = new StringBuilder();
            foreach (var file in new DirectoryInfo(catalog.Folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
                text.Append(file.Name).Append('\0').Append(target.FullName).Append('\0').Append(target.Length).Append('\0').Append(target.LastWriteTimeUtc.Ticks).Append('\n');
            }

            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.GetType().Name;
        }
    }
}
