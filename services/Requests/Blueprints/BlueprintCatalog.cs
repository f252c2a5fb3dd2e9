using Microsoft.Extensions.Options;

namespace Workspaces.Requests.Blueprints;

/// <summary>
/// Holds the blueprints that requests are made from: the last set that was good as a whole. Reads the folder; who calls
/// <see cref="Reload"/> and when is <see cref="BlueprintFolderWatcher"/>'s business.
/// </summary>
public sealed class BlueprintCatalog(IOptions<BlueprintsOptions> options, ILogger<BlueprintCatalog> logger)
{
    /// <summary>One file; blueprints are written by people.</summary>
    private const int MaxFileBytes = 1024 * 1024;

    private readonly string _folder = Path.GetFullPath(options.Value.Folder);
    private readonly Lock _reloading = new();
    private volatile Snapshot _snapshot = new(null, []);

    /// <summary>The last good set; null as long as there was none.</summary>
    public BlueprintSet? Current => _snapshot.Set;

    /// <summary>What is wrong with the folder as it is now; empty when <see cref="Current"/> is what the folder says.</summary>
    public IReadOnlyList<string> Problems => _snapshot.Problems;

    /// <summary>Folder that the set comes from.</summary>
    public string Folder => _folder;

    /// <summary>Reads the folder; a bad one leaves the last good set in use.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            var (set, problems) = Load();
            if (set is not null)
            {
                BlueprintsLog.Loaded(logger, set.Templates.Count, _folder);
                _snapshot = new Snapshot(set, []);
                return;
            }

            foreach (var problem in problems)
            {
                BlueprintsLog.Problem(logger, problem);
            }

            if (_snapshot.Set is null)
            {
                BlueprintsLog.NoGoodSet(logger, problems.Count, _folder);
            }
            else
            {
                BlueprintsLog.KeptLastGoodSet(logger, problems.Count, _folder);
            }

            _snapshot = new Snapshot(_snapshot.Set, problems);
        }
    }

    private (BlueprintSet? Set, IReadOnlyList<string> Problems) Load()
    {
        try
        {
            var files = new List<(string, string)>();
            foreach (var path in System.IO.Directory.EnumerateFiles(_folder).Where(IsBlueprint).Order(StringComparer.Ordinal))
            {
                if (new FileInfo(path).Length > MaxFileBytes)
                {
                    return (null, [$"{Path.GetFileName(path)}: larger than {MaxFileBytes} bytes."]);
                }

                files.Add((Path.GetFileName(path), File.ReadAllText(path)));
            }

            var (set, problems) = BlueprintSetLoader.Load(files);
            return (set, [.. problems.Select(problem => problem.ToString())]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, [$"The folder of blueprints cannot be read (Blueprints__Folder = {_folder}): {exception.Message}"]);
        }
    }

    private static bool IsBlueprint(string path) =>
        Path.GetExtension(path) is ".yaml" or ".yml" && !Path.GetFileName(path).StartsWith('.');

    private sealed record Snapshot(BlueprintSet? Set, IReadOnlyList<string> Problems);
}
