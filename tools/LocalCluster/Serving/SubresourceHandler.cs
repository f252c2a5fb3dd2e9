using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Streaming;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Sends a request for a part of an object to whoever knows that part.</summary>
internal sealed class SubresourceHandler(
    WriteHandler writes, ListHandler lists, ScaleHandler scale, TokenHandler token, ExecHandler exec, LogHandler log, PortForwardHandler portForward, EvictionHandler eviction,
    BindingHandler binding)
{
    public Task HandleAsync(ApiRequest request, Caller caller)
    {
        if (!request.Type.Subresources.Contains(request.Subresource!))
        {
            throw ApiErrors.NoSuchPath();
        }

        return (request.Subresource, request.Verb) switch
        {
            ("scale", _) => scale.HandleAsync(request, caller),
            ("token", _) => token.HandleAsync(request),
            ("exec", _) => exec.HandleAsync(request, attach: false),
            ("attach", _) => exec.HandleAsync(request, attach: true),
            ("log", _) => log.HandleAsync(request),
            ("portforward", _) => portForward.HandleAsync(request),
            ("eviction", _) => eviction.HandleAsync(request),
            ("binding", _) => binding.HandleAsync(request, caller),
            ("ephemeralcontainers", "get") => lists.GetAsync(request),
            ("ephemeralcontainers" or "finalize", "update") => writes.UpdateAsync(request, caller),
            ("ephemeralcontainers", "patch") => writes.PatchAsync(request, caller),
            ("ephemeralcontainers" or "finalize", _) => throw ApiErrors.MethodNotAllowed(),
            _ => throw ApiErrors.NotImplemented($"{request.Type.Plural}/{request.Subresource}"),
        };
    }
}
