using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Faults;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// Every request comes through here: who is it, may they, what is asked, who answers. What goes wrong leaves as a Status object.
/// </summary>
internal sealed class ApiDispatcher(
    Authenticator authenticator, Impersonator impersonator, RoleBasedAuthorizer authorizer, ListHandler lists, WatchHandler watches, WriteHandler writes,
    SubresourceHandler subresources, ReviewHandler reviews, BindingHandler bindings, RequestFaults faults, ILogger<ApiDispatcher> log)
{
    private static readonly string[] OpenPaths = ["/livez", "/readyz", "/healthz", "/version"];

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            http.Response.Headers.CacheControl = "no-cache, private";
            if (!await faults.StrikeAsync(http))
            {
                await DispatchAsync(http);
            }
        }
        catch (ConnectionCutException)
        {
            // A fault asked for it, and nobody is there any more to answer.
        }
        catch (ApiStatusException e) when (!http.Response.HasStarted)
        {
            await Responses.WriteErrorAsync(http, e);
        }
        catch (ApiStatusException e)
        {
            // Too late for a status code: a watcher learns of it inside the stream.
            WatchFrame.Write(http.Response, RequestedForm.Of(http.Request), "ERROR", e.ToStatus());
            await http.Response.BodyWriter.FlushAsync();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody is left to answer.
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or Streaming.Spdy.SpdyException)
        {
            // The client broke off in the middle of a stream; the process behind it is ended by now.
            ServingLog.StreamBroken(log, http.Request.Path, e.Message);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            ServingLog.RequestFailed(log, e, http.Request.Method, http.Request.Path);
            await Responses.WriteErrorAsync(http, ApiErrors.Internal(e.Message));
        }
    }

    private async Task DispatchAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimEnd('/');
        if (OpenPaths.Any(p => path == p || path.StartsWith(p + "/", StringComparison.Ordinal)))
        {
            await DiscoveryHandler.OpenAsync(http, path);
            return;
        }

        var caller = await authenticator.AuthenticateAsync(http) ?? throw ApiErrors.Unauthorized();
        caller = impersonator.Resolve(http.Request.Headers, caller);
        var request = ApiRequest.Parse(http);
        var wanted = request?.Access ?? new AccessAttributes(http.Request.Method.ToLowerInvariant(), Path: http.Request.Path);
        authorizer.Require(caller, wanted);

        if (request is null)
        {
            await DiscoveryHandler.HandleAsync(http, path);
        }
        else if (request.Subresource is not null and not "status")
        {
            await subresources.HandleAsync(request, caller);
        }
        else
        {
            await HandleResourceAsync(request, caller);
        }
    }

    private async Task HandleResourceAsync(ApiRequest request, Caller caller)
    {
        var type = request.Type;
        if (request.Subresource == "status" && (!type.HasStatus || request.Verb is not ("get" or "update" or "patch")))
        {
            throw type.HasStatus ? ApiErrors.MethodNotAllowed() : ApiErrors.NoSuchPath();
        }

        if (!type.Verbs.Contains(request.Verb))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (type.Namespaced && request.Namespace is null && request.Verb is not ("list" or "watch"))
        {
            throw request.Name is null ? ApiErrors.MethodNotAllowed() : ApiErrors.NoSuchPath();
        }

        if (type == ResourceTypes.Bindings)
        {
            await bindings.HandleAsync(request, caller);
            return;
        }

        if (type.Verbs is ["create"])
        {
            await reviews.HandleAsync(request, caller);
            return;
        }

        await (request.Verb switch
        {
            "get" => lists.GetAsync(request),
            "list" => lists.ListAsync(request),
            "watch" => watches.WatchAsync(request),
            "create" when request.Name is null => writes.CreateAsync(request, caller),
            "update" => writes.UpdateAsync(request, caller),
            "patch" => writes.PatchAsync(request, caller),
            "delete" => writes.DeleteAsync(request),
            "deletecollection" => writes.DeleteCollectionAsync(request),
            _ => throw ApiErrors.MethodNotAllowed(),
        });
    }
}
