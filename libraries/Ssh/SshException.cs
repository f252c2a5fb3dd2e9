namespace Workspaces.Ssh;

/// <summary>Base of everything that this library throws about SSH itself.</summary>
public abstract class SshException : Exception
{
    private protected SshException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
