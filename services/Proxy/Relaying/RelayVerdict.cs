namespace Workspaces.Proxy.Relaying;

/// <summary>What becomes of one message.</summary>
internal readonly record struct RelayVerdict
{
    private RelayVerdict(RelayAction action, ReadOnlyMemory<byte> message)
    {
        Action = action;
        Message = message;
    }

    public RelayAction Action { get; }

    /// <summary>The message to relay or to answer with; empty for a drop.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    public static RelayVerdict Drop => new(RelayAction.Drop, default);

    public static RelayVerdict Relay(ReadOnlyMemory<byte> message) => new(RelayAction.Relay, message);

    public static RelayVerdict Answer(ReadOnlyMemory<byte> message) => new(RelayAction.Answer, message);
}
