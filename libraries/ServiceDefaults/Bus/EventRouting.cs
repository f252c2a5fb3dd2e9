using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Routing keys of events.</summary>
public static class EventRouting
{
    private const int MaxKeyLength = 255; // AMQP 0-9-1: a short string

    /// <summary>Commands go by model; what concerns a workspace by its id; the rest by user or cause.</summary>
    public static string KeyOf(IWorkspaceEvent workspaceEvent) => workspaceEvent switch
    {
        IWorkspaceCommand command => KeyOf(command.Model),
        IWorkspaceScopedEvent scoped => Limit(scoped.WorkspaceId),
        WorkspaceActivity activity => Limit(activity.WorkspaceId),
        UserKeysChanged changed => Limit(changed.User),
        AuthenticationFailed failed => failed.Reason.ToString(),
        _ => throw new ArgumentException($"{workspaceEvent.GetType()} has no routing key; add it to {nameof(EventRouting)}.", nameof(workspaceEvent)),
    };

    /// <summary><c>standalone</c> or <c>injection</c>.</summary>
    public static string KeyOf(WorkspaceModel model) => model switch
    {
        WorkspaceModel.Standalone => "standalone",
        WorkspaceModel.Injection => "injection",
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "Unknown model."),
    };

    private static string Limit(string key) => key.Length <= MaxKeyLength ? key : key[..MaxKeyLength];
}
