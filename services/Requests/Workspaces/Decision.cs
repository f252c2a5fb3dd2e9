namespace Workspaces.Requests.Workspaces;

/// <summary>What the decider decided: events to append (none where nothing has to change), or a refusal.</summary>
public sealed record Decision
{
    /// <summary>What happened.</summary>
    public IReadOnlyList<object> Events { get; private init; } = [];

    /// <summary>Why nothing happened.</summary>
    public WorkspaceRefusal? Refusal { get; private init; }

    /// <summary>It is already as asked.</summary>
    public static Decision Nothing { get; } = new();

    /// <summary>One event.</summary>
    public static Decision Append(object happened) => new() { Events = [happened] };

    /// <summary>No.</summary>
    public static Decision Refuse(WorkspaceRefusal refusal) => new() { Refusal = refusal };
}

/// <summary>Why a workspace cannot do what it is asked to.</summary>
public enum WorkspaceRefusal
{
    /// <summary>It is being deleted; nothing else can be asked of it.</summary>
    Deleting,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It failed and has been taken back; it can be started or deleted, not stopped.</summary>
    Failed,

    /// <summary>Its time to live cannot be extended that far, or at all.</summary>
    BeyondMaximum,
}
