using Workspaces.Auditor.Tests.Documents;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>A subscriber of another team: a Python process that notes every event in a file before it counts as received. It can be killed and started again.</summary>
internal sealed class Subscriber(string script, string folder, params (string Name, string Value)[] environment) : IDisposable
{
    private readonly string _file = Path.Combine(folder, $"{script}.received");
    private RunningExample? _running;

    public string Name => script;

    public void Start() => _running = RunningExample.Start(
        "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Outages", "Subscribers", $"{script}.py")], [("OUT", _file), .. environment]);

    public async Task KillAsync()
    {
        await _running!.KillAsync();
        _running.Dispose();
    }

    /// <summary>What it has noted; a line that a kill cut short does not count.</summary>
    public IReadOnlyList<(long Sequence, string Id)> Received()
    {
        if (!File.Exists(_file))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Select(line => line.Split(' ')).Where(words => words is [_, { Length: 36 }]).Select(words => (long.Parse(words[0]), words[1]))];
    }

    /// <summary>What it said where it failed.</summary>
    public string Errors => string.Join('\n', _running?.Errors.TakeLast(10) ?? []);

    public void Dispose() => _running?.Dispose();
}
