using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Xunit;

namespace Workspaces.Contracts.Tests;

/// <summary>
/// Every event has its JSON Schema in <c>Snapshots/</c>: a change of a contract shows in a diff. After a change that is meant,
/// run the tests with <c>UPDATE_SNAPSHOTS=1</c> and commit what they wrote.
/// </summary>
public sealed class EventSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<Type> Events() => [.. EventTypes()];

    [Theory]
    [MemberData(nameof(Events))]
    public void Schema_OfEvent_IsTheSnapshot(Type type)
    {
        var schema = ContractsJson.Options.GetJsonSchemaAsNode(type).ToJsonString(Indented) + "\n";
        var path = Path.Combine(SnapshotFolder(), type.Name + ".json");

        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, schema);
        }

        Assert.True(File.Exists(path), $"No snapshot for {type.Name}. Run with UPDATE_SNAPSHOTS=1 and commit {path}.");
        Assert.Equal(File.ReadAllText(path), schema);
    }

    [Fact]
    public void Snapshots_OfEventsThatNoLongerExist_AreNotKept()
    {
        var known = EventTypes().Select(type => type.Name).ToHashSet();
        var kept = Directory.GetFiles(SnapshotFolder(), "*.json").Select(file => Path.GetFileNameWithoutExtension(file));

        Assert.DoesNotContain(kept, name => !known.Contains(name));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Event_IsSealed_AndNamesItsPublisherInNoBaseClass(Type type)
    {
        Assert.True(type.IsSealed);
        Assert.Equal(typeof(object), type.BaseType);
    }

    [Fact]
    public void UnknownFields_AreIgnored_SoThatOldSubscribersSurviveNewOnes()
    {
        var json = JsonSerializer.SerializeToNode(
            new WorkspaceStopped
            {
                EventId = Guid.NewGuid(),
                OccurredAt = DateTimeOffset.UnixEpoch,
                WorkspaceId = "k7f3q2m",
                Generation = 3,
            },
            ContractsJson.Options)!.AsObject();
        json["addedNextYear"] = new JsonObject { ["anything"] = true };

        var read = json.Deserialize<WorkspaceStopped>(ContractsJson.Options);

        Assert.Equal("k7f3q2m", read!.WorkspaceId);
    }

    private static IEnumerable<Type> EventTypes() =>
        typeof(IWorkspaceEvent).Assembly.GetExportedTypes()
            .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IWorkspaceEvent)))
            .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static string SnapshotFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Snapshots");
}
