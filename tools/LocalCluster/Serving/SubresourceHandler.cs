using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Sends a request for a part of an object to whoever knows that part.</summary>
internal sealed class SubresourceHandler(ScaleHandler scale, TokenHandler token)
{
    public Task HandleAsync(ApiRequest request, Caller caller)
    {
        if (!request.Type.Subresources.Contains(request.Subresource!))
        {
            throw ApiErrors.NoSuchPath();
        }

        return request.Subresource switch
        {
            "scale" => scale.HandleAsync(request, caller),
            "token" => token.HandleAsync(request),
            _ => throw ApiErrors.NotImplemented($"{request.Type.Plural}/{request.Subresource}"),
        };
    }
}
