namespace Workspaces.LocalSuite.Processes;

/// <summary>
/// A variable in the environment of everything that we start, inherited by what that starts in turn. By it we find processes that
/// outlived their parent (a broker whose start script was killed), across restarts of our own and with no list to go stale.
/// </summary>
public sealed class Marker
{
    private const string Name = "WORKSPACES_LOCAL";
    private readonly string _entry;

    /// <summary>A marker of one component: the same folder and name give the same marker in every run.</summary>
    public Marker(string stateFolder, string component = "")
    {
        Value = $"{Path.GetFullPath(stateFolder)}:{component}";
        _entry = $"{Name}={Value}";
    }

    /// <summary>The variable to start programs with.</summary>
    public KeyValuePair<string, string> Variable => new(Name, Value);

    private string Value { get; }

    /// <summary>Kills what still runs under this marker; without a component in the marker: under any of its folder. Returns their ids.</summary>
    public IReadOnlyList<int> KillLeftovers()
    {
        var killed = new List<int>();

        // Again until there is nothing: a process may start another between our look and our signal.
        for (var found = Find(); found.Count > 0; found = Find())
        {
            foreach (var id in found)
            {
                Native.Signal(id, UnixSignal.Kill);
            }

            killed.AddRange(found.Except(killed));
            Thread.Yield();
        }

        return killed;
    }

    /// <summary>Processes that run under this marker, but for this one and those that have ended and only wait to be reaped.</summary>
    public IReadOnlyList<int> Find() =>
        [.. ProcFileSystem.ProcessIds().Where(id => id != Environment.ProcessId && ProcFileSystem.Environment(id).Any(Matches) && !ProcFileSystem.IsZombie(id))];

    private bool Matches(string entry) => _entry.EndsWith(':') ? entry.StartsWith(_entry, StringComparison.Ordinal) : entry == _entry;
}
