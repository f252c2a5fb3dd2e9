using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>The token subresource of service accounts (TokenRequest), behind <c>kubectl create token</c>.</summary>
internal sealed class TokenHandler(ServiceAccountTokens tokens)
{
    private const long DefaultSeconds = 3600;
    private const long ShortestSeconds = 600;

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var (body, _) = RequestBody.ParseObject(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        var seconds = body.Number("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds < ShortestSeconds)
        {
            throw new ApiStatusException(
                422, "Invalid", $"TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: {seconds}: may not specify a duration less than 10 minutes");
        }

        if (body.At("spec", "boundObjectRef") is not null)
        {
            throw ApiErrors.NotImplemented("token requests that are bound to an object");
        }

        var audiences = (body.At("spec", "audiences") as JsonArray ?? []).Select(a => (string?)a ?? "").ToList();
        var (token, expires) = tokens.Issue(request.Namespace!, request.Name!, TimeSpan.FromSeconds(seconds), audiences);
        await Responses.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = request.Name, ["namespace"] = request.Namespace },
            ["spec"] = new JsonObject
            {
                ["audiences"] = new JsonArray([.. (audiences.Count > 0 ? audiences : [ServiceAccountTokens.Issuer]).Select(a => (JsonNode)a)]),
                ["expirationSeconds"] = seconds,
            },
            ["status"] = new JsonObject
            {
                ["token"] = token,
                ["expirationTimestamp"] = expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
            },
        });
    }
}
