namespace Workspaces.LocalCluster.Faults;

/// <summary>A request to the side endpoint that cannot be carried out; the message says what is wrong with it.</summary>
internal sealed class FaultException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
