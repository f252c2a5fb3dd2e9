using System.Diagnostics;
using System.Globalization;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Processes;

namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>
/// A network namespace to which pods send what is for the range of Services' addresses. The whole range counts as its own there, so a socket can take in
/// connections at any Service's address, and this machine's addresses and routes stay untouched. Goes with the node's namespaces.
/// </summary>
internal sealed class ServiceRouterNamespace : IAsyncDisposable
{
    /// <summary>Services' addresses are given out of this range.</summary>
    public const string Range = "10.96.0.0/16";

    private readonly Process _holder;

    private ServiceRouterNamespace(Process holder, string file) => (_holder, File) = (holder, file);

    /// <summary>The namespace's file, as this process sees it.</summary>
    public string File { get; }

    public static async Task<ServiceRouterNamespace> CreateAsync(NodeNamespaces namespaces, NodeNetwork network, CancellationToken ct)
    {
        var holder = Command.Start(namespaces.Enter("unshare", "--net", "--", "sh", "-c", "echo $$; exec cat"));
        var line = await holder.StandardOutput.ReadLineAsync(ct);
        if (!int.TryParse(line, CultureInfo.InvariantCulture, out var processId))
        {
            throw new InvalidOperationException("Cannot create a network namespace for Services: " + (await holder.StandardError.ReadToEndAsync(ct)).Trim());
        }

        await network.AttachRouterAsync(processId, Range, ct);
        return new ServiceRouterNamespace(holder, namespaces.NamespaceFile(processId, "net"));
    }

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}
