using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Feed;

/// <summary>
/// Routing keys of the feed, so that a subscriber binds what it wants: <c>instance.*.shop.#</c> is everything about instances in the
/// namespace <c>shop</c>. A part that is not known is <c>-</c>.
/// </summary>
public static class FeedRouting
{
    /// <summary>Routing key of signed heads of the log.</summary>
    public const string HeadKey = "log.head";

    private const int MaxKeyLength = 255; // AMQP 0-9-1: a short string
    private const string NotKnown = "-";

    /// <summary>Routing key of an entry.</summary>
    public static string KeyOf(LogEntry entry)
    {
        var key = entry.Type switch
        {
            nameof(WorkspaceRequested) => $"workspace.requested.{MemberOf(entry, "model")}",
            nameof(WorkspaceStartRequested) => $"workspace.start-requested.{MemberOf(entry, "model")}",
            nameof(WorkspaceStopRequested) => $"workspace.stop-requested.{MemberOf(entry, "model")}",
            nameof(WorkspaceDeletionRequested) => $"workspace.deletion-requested.{MemberOf(entry, "model")}",
            nameof(WorkspaceProgressed) => $"workspace.progressed.{Word(entry.WorkspaceId)}",
            nameof(WorkspaceReady) => $"workspace.ready.{Word(entry.WorkspaceId)}",
            nameof(WorkspaceFailed) => $"workspace.failed.{Word(entry.WorkspaceId)}",
            nameof(WorkspaceStopped) => $"workspace.stopped.{Word(entry.WorkspaceId)}",
            nameof(WorkspaceDeleted) => $"workspace.deleted.{Word(entry.WorkspaceId)}",
            nameof(InstanceUp) => $"instance.up.{TargetOf(entry)}",
            nameof(InstanceDown) => $"instance.down.{TargetOf(entry)}",
            nameof(SessionOpened) => $"session.opened.{Word(entry.User)}",
            nameof(SessionClosed) => $"session.closed.{Word(entry.User)}",
            nameof(ChannelOpened) => $"channel.opened.{Word(entry.User)}",
            nameof(AuthenticationFailed) => $"authentication.failed.{MemberOf(entry, "reason")}",
            nameof(UserKeysChanged) => $"user.keys-changed.{Word(entry.User)}",
            _ => throw new ArgumentException($"{entry.Type} has no routing key; add it to {nameof(FeedRouting)}.", nameof(entry)),
        };
        return key.Length <= MaxKeyLength ? key : key[..MaxKeyLength];
    }

    /// <summary><c>NAMESPACE/KIND/NAME</c> as <c>namespace.kind.name</c>. Only a name may have dots, and it comes last.</summary>
    private static string TargetOf(LogEntry entry) => entry.Target?.Split('/') is [var space, var kind, var name]
        ? $"{Word(space)}.{Word(kind.ToLowerInvariant())}.{Clean(name)}"
        : $"{NotKnown}.{NotKnown}.{NotKnown}";

    private static string MemberOf(LogEntry entry, string name)
    {
        if (entry.RedactedAt is not null)
        {
            return NotKnown;
        }

        using var message = JsonDocument.Parse(entry.Message);
        return message.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Word(value.GetString()!.ToLowerInvariant())
            : NotKnown;
    }

    private static string Word(string? text) => Clean(text).Replace('.', '_');

    /// <summary>Wildcards and other signs would only confuse whoever binds.</summary>
    private static string Clean(string? text) => string.IsNullOrEmpty(text)
        ? NotKnown
        : string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
}
