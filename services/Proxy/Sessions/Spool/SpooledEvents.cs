using System.Text.Json;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>The events that go through the spool, and how they look in it.</summary>
internal static class SpooledEvents
{
    private static readonly Dictionary<string, Type> Types = new[]
    {
        typeof(SessionOpened), typeof(SessionClosed), typeof(ChannelOpened), typeof(AuthenticationFailed),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static SpoolLine ToLine(IWorkspaceEvent fact, DateTimeOffset at)
    {
        var type = fact.GetType();
        if (!Types.ContainsKey(type.Name))
        {
            throw new ArgumentException($"{type.Name} is no event of the Proxy's audit trail.", nameof(fact));
        }

        return new SpoolLine { At = at, Type = type.Name, Event = JsonSerializer.SerializeToElement(fact, type, ContractsJson.Options) };
    }

    /// <summary>The event on a line; null where the line has none.</summary>
    public static IWorkspaceEvent? FromLine(SpoolLine line)
    {
        if (line is not { Type: { } name, Event: { } json })
        {
            return null;
        }

        return Types.TryGetValue(name, out var type)
            ? (IWorkspaceEvent?)json.Deserialize(type, ContractsJson.Options)
            : throw new JsonException($"The spool has an event of type '{name}', which this version does not know.");
    }
}
