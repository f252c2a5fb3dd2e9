using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>The token subresource of service accounts (TokenRequest), behind <c>kubectl create token</c>.</summary>
internal sealed class TokenHandler(ServiceAccountTokens tokens, ObjectStore store)
{
    private const long DefaultSeconds = 3600;
    private const long ShortestSeconds = 600;
    private const long LongestSeconds = 1L << 32;

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var (body, _) = RequestBody.ParseObject(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        var seconds = body.Number("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds is < ShortestSeconds or > LongestSeconds)
        {
            var limit = seconds < ShortestSeconds ? "less than 10 minutes" : "larger than 2^32 seconds";
            var error = FieldError.Invalid("spec.expirationSeconds", $"{seconds}", $"may not specify a duration {limit}");
            throw new ApiStatusException(422, "Invalid", $"TokenRequest.authentication.k8s.io \"\" is invalid: {error}", new JsonObject
            {
                ["group"] = "authentication.k8s.io",
                ["kind"] = "TokenRequest",
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field }),
            });
        }

        var account = store.Get(ResourceTypes.ServiceAccounts, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.ServiceAccounts, request.Name!);
        var bound = body.At("spec", "boundObjectRef") as JsonObject;
        var binding = bound is null ? null : BindingOf(bound, request.Namespace!, request.Name!);

        var audiences = (body.At("spec", "audiences") as JsonArray ?? []).Select(a => (string?)a ?? "").ToList();
        var (token, expires) = tokens.Issue(request.Namespace!, request.Name!, TimeSpan.FromSeconds(seconds), audiences, binding);
        var created = expires.AddSeconds(-seconds);
        var answer = new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = request.Name,
                ["namespace"] = request.Namespace,
                ["uid"] = account.Uid,
                ["creationTimestamp"] = Time(created),
            },
            ["spec"] = new JsonObject
            {
                ["audiences"] = new JsonArray([.. (audiences.Count > 0 ? audiences : [ServiceAccountTokens.Issuer]).Select(a => (JsonNode)a)]),
                ["expirationSeconds"] = seconds,
            },
            ["status"] = new JsonObject
            {
                ["token"] = token,
                ["expirationTimestamp"] = Time(expires),
            },
        };
        if (bound is not null)
        {
            answer["spec"]!["boundObjectRef"] = bound.DeepClone();
        }

        await Responses.WriteAsync(request.Http, 201, answer);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The object that the token shall end with: a pod of this account, a secret of the namespace, or a node.</summary>
    private TokenBinding BindingOf(JsonObject bound, string ns, string account)
    {
        var (apiVersion, kind, name) = (bound.Text("apiVersion") ?? "", bound.Text("kind") ?? "", bound.Text("name") ?? "");
        var type = (apiVersion, kind) switch
        {
            ("v1" or "", "Pod") => ResourceTypes.Pods,
            ("v1" or "", "Secret") => ResourceTypes.Secrets,
            ("v1" or "", "Node") => ResourceTypes.Nodes,
            _ => throw ApiErrors.BadRequest($"cannot bind token to object of type {(apiVersion.Contains('/') ? apiVersion : "/" + apiVersion)}, Kind={kind}"),
        };
        var found = store.Get(type, type.Namespaced ? ns : null, name) ?? throw ApiErrors.NotFound(type, name);
        if (kind == "Pod" && found.Json.Text("spec", "serviceAccountName") != account)
        {
            throw ApiErrors.BadRequest($"cannot bind token for serviceaccount \"{account}\" to pod running with different serviceaccount name.");
        }

        if (bound.Text("uid") is { Length: > 0 } uid && uid != found.Uid)
        {
            throw new ApiStatusException(
                409, "Conflict",
                $"Operation cannot be fulfilled on {kind} \"{name}\": the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated",
                new JsonObject { ["name"] = name, ["kind"] = kind });
        }

        var binding = new TokenBinding(kind.ToLowerInvariant(), name, found.Uid);
        return kind == "Pod" && found.Json.Text("spec", "nodeName") is { Length: > 0 } nodeName && store.Get(ResourceTypes.Nodes, null, nodeName) is { } node
            ? binding with { Node = new TokenBinding("node", nodeName, node.Uid) }
            : binding;
    }
}
