namespace Workspaces.Ssh.Transport;

/// <summary>A decrypted message. Valid only until the next read from the same connection.</summary>
/// <param name="Payload">The message with its number in front; never empty.</param>
public readonly record struct SshPacket(ReadOnlyMemory<byte> Payload)
{
    /// <summary>The message's number, one of <see cref="Wire.MessageNumber"/>.</summary>
    public byte MessageNumber => Payload.Span[0];
}
