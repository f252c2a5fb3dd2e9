using Workspaces.Contracts;

namespace Workspaces.Auditor.Feed;

/// <summary>The form of an event's routing key in the feed, for the documents; <see cref="FeedRouting"/> makes the keys themselves.</summary>
/// <param name="Template">Words and parameters in braces, separated by dots.</param>
/// <param name="Parameters">What stands for the parameters, by name.</param>
internal sealed record FeedAddress(string Template, IReadOnlyDictionary<string, string> Parameters)
{
    private const string Model = "model";
    private const string Workspace = "workspace";
    private const string User = "user";

    private static readonly Dictionary<string, string> Descriptions = new()
    {
        [Model] = "standalone or injection.",
        [Workspace] = "Id of the workspace.",
        [User] = "Name of the user; every sign but letters, digits, '-' and '_' is written '_'.",
        ["namespace"] = "Namespace of the workload; '-' where it is not known.",
        ["kind"] = "Kind of the workload in lower case: deployment, statefulset or daemonset.",
        ["name"] = "Name of the workload; it may have dots.",
        ["reason"] = "Reason in lower case.",
    };

    /// <summary>The form for an event of this type.</summary>
    public static FeedAddress Of(Type type) => type.Name switch
    {
        nameof(WorkspaceRequested) => From("workspace.requested.{model}"),
        nameof(WorkspaceStartRequested) => From("workspace.start-requested.{model}"),
        nameof(WorkspaceStopRequested) => From("workspace.stop-requested.{model}"),
        nameof(WorkspaceDeletionRequested) => From("workspace.deletion-requested.{model}"),
        nameof(WorkspaceProgressed) => From("workspace.progressed.{workspace}"),
        nameof(WorkspaceReady) => From("workspace.ready.{workspace}"),
        nameof(WorkspaceFailed) => From("workspace.failed.{workspace}"),
        nameof(WorkspaceStopped) => From("workspace.stopped.{workspace}"),
        nameof(WorkspaceDeleted) => From("workspace.deleted.{workspace}"),
        nameof(InstanceUp) => From("instance.up.{namespace}.{kind}.{name}"),
        nameof(InstanceDown) => From("instance.down.{namespace}.{kind}.{name}"),
        nameof(SessionOpened) => From("session.opened.{user}"),
        nameof(SessionClosed) => From("session.closed.{user}"),
        nameof(ChannelOpened) => From("channel.opened.{user}"),
        nameof(AuthenticationFailed) => From("authentication.failed.{reason}"),
        nameof(UserKeysChanged) => From("user.keys-changed.{user}"),
        _ => throw new ArgumentException($"{type} has no address; add it here and to {nameof(FeedRouting)}.", nameof(type)),
    };

    private static FeedAddress From(string template) => new(
        template,
        template.Split('.').Where(word => word[0] == '{').Select(word => word.Trim('{', '}')).ToDictionary(name => name, name => Descriptions[name]));
}
