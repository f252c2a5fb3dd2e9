namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>A container could not be created or its program not be started; the message is what the runtime says about it.</summary>
internal sealed class ContainerStartException(string message, Exception? inner = null) : Exception(message, inner);
