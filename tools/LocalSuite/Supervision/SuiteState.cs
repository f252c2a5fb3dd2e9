using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>What the running suite tells other processes (<c>--status</c>, <c>--stop</c>, a waiting <c>--detach</c>), in a file.</summary>
/// <param name="ProcessId">The supervisor.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Running">What was started.</param>
/// <param name="Components">Process id and number of restarts of each component that runs.</param>
internal sealed record SuiteState(int ProcessId, SuitePhase Phase, RunningSuite Running, IReadOnlyDictionary<string, ComponentState> Components)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, WriteIndented = true };

    /// <summary>Reads the file; null when no suite has ever run here.</summary>
    public static SuiteState? Read(string file) => File.Exists(file) ? JsonSerializer.Deserialize<SuiteState>(File.ReadAllText(file), Json) : null;

    /// <summary>Replaces the file in one step, so that nobody reads half of it.</summary>
    public void Write(string file)
    {
        var draft = $"{file}.new";
        File.WriteAllText(draft, JsonSerializer.Serialize(this, Json));
        File.Move(draft, file, overwrite: true);
    }
}

/// <summary>One component as the supervisor sees it.</summary>
/// <param name="ProcessId">Its process, while it has one.</param>
/// <param name="Restarts">How often it has been started again since the suite started.</param>
internal sealed record ComponentState(int? ProcessId, int Restarts);
