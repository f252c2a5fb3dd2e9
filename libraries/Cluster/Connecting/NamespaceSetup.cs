using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Workspaces.Cluster.Connecting;

/// <summary>
/// Makes the namespaces that the workers need, where they are missing and we may. Where we may not, an operator made them, or the calls
/// that follow say what is missing.
/// </summary>
public sealed partial class NamespaceSetup(IKubernetes kubernetes, IOptions<ClusterOptions> options, ILogger<NamespaceSetup> logger)
{
    private volatile bool _done;

    /// <summary>Looks once, until it has succeeded.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (_done)
        {
            return;
        }

        foreach (var name in new[] { options.Value.SystemNamespace, options.Value.Namespace }.Distinct())
        {
            await EnsureAsync(name, cancellation).ConfigureAwait(false);
        }

        _done = true;
    }

    /// <summary>Looks again at the next call: a namespace turned out to be missing.</summary>
    public void LookAgain() => _done = false;

    private async Task EnsureAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await kubernetes.CoreV1.ReadNamespaceAsync(name, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            await CreateAsync(name, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            MayNotLook(logger, name, ClusterError.Of(e)!.Message);
        }
    }

    private async Task CreateAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var made = new V1Namespace { Metadata = new V1ObjectMeta { Name = name } };
            await kubernetes.CoreV1.CreateNamespaceAsync(made, cancellationToken: cancellation).ConfigureAwait(false);
            Made(logger, name);
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind is ClusterErrorKind.AlreadyExists)
        {
            // Another replica was faster.
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Refused))
        {
            MayNotMake(logger, name, ClusterError.Of(e)!.Message);
        }
    }

    [LoggerMessage(1401, LogLevel.Information, "Made namespace {Namespace}")]
    private static partial void Made(ILogger logger, string @namespace);

    [LoggerMessage(1402, LogLevel.Information, "Taking for granted that namespace {Namespace} exists: {Reason}")]
    private static partial void MayNotLook(ILogger logger, string @namespace, string reason);

    [LoggerMessage(1403, LogLevel.Error, "Namespace {Namespace} is missing and may not be made by this service account; make it: {Reason}")]
    private static partial void MayNotMake(ILogger logger, string @namespace, string reason);
}
