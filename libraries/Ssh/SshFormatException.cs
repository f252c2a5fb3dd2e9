namespace Workspaces.Ssh;

/// <summary>Data that does not have the form its format prescribes: a packet, a key, a certificate, a file.</summary>
public sealed class SshFormatException(string message, Exception? inner = null) : SshException(message, inner);
