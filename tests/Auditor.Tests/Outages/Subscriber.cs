using System.Globalization;
using System.Text;
using Workspaces.Auditor.Tests.Documents;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>A subscriber of another team: a Python process that notes every event in a file before it counts as received. It can be killed and started again.</summary>
internal sealed class Subscriber(string script, string folder, params (string Name, string Value)[] environment) : IDisposable
{
    private readonly string _file = Path.Combine(folder, $"{script}.received");
    private readonly List<(long Sequence, string Id)> _received = [];
    private readonly HashSet<string> _ids = [];
    private string _unfinished = "";
    private long _read;
    private RunningExample? _running;

    public string Name => script;

    public void Start() => _running = RunningExample.Start(
        "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Outages", "Subscribers", $"{script}.py")], [("OUT", _file), .. environment]);

    public async Task KillAsync()
    {
        await _running!.KillAsync();
        _running.Dispose();
    }

    /// <summary>How many different events it has noted so far.</summary>
    public int Count
    {
        get
        {
            ReadOn();
            return _ids.Count;
        }
    }

    /// <summary>What it has noted; a line that a kill cut short does not count.</summary>
    public IReadOnlyList<(long Sequence, string Id)> Received()
    {
        ReadOn();
        return _received;
    }

    /// <summary>What it said where it failed.</summary>
    public string Errors => string.Join('\n', _running?.Errors.TakeLast(10) ?? []);

    public void Dispose() => _running?.Dispose();

    /// <summary>Takes in what was appended since the last time: the file grows long.</summary>
    private void ReadOn()
    {
        if (!File.Exists(_file))
        {
            return;
        }

        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = _read;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var text = reader.ReadToEnd();
        _read += text.Length; // every sign is one byte
        var lines = (_unfinished + text).Split('\n');
        _unfinished = lines[^1];
        foreach (var words in lines[..^1].Select(line => line.Split(' ')).Where(words => words is [_, { Length: 36 }]))
        {
            _received.Add((long.Parse(words[0], CultureInfo.InvariantCulture), words[1]));
            _ids.Add(words[1]);
        }
    }
}
