using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Answers reviews: objects that are questions about access, which are answered and never stored.</summary>
internal sealed class ReviewHandler(RoleBasedAuthorizer authorizer, Authenticator authenticator)
{
    public async Task HandleAsync(ApiRequest request, Caller caller)
    {
        var (body, _) = RequestBody.ParseObject(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        JsonObject review;
        try
        {
            review = new ObjectDecoder().Decode(body, SchemaCatalog.Of(request.Type));
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{request.Type.Kind} in version \"v1\" cannot be handled as a {request.Type.Kind}: {e.Message}");
        }

        review.Remove("kind");
        review.Remove("apiVersion");
        review.Insert(0, "apiVersion", request.Type.ApiVersion);
        review.Insert(0, "kind", request.Type.Kind);
        review["status"] = request.Type.Kind switch
        {
            "SelfSubjectAccessReview" => Access(caller, review),
            "SubjectAccessReview" or "LocalSubjectAccessReview" => Access(Subject(review), review),
            "SelfSubjectRulesReview" => Rules(caller, review.Text("spec", "namespace") ?? ""),
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = UserInfo(caller) },
            _ => Token(review.Text("spec", "token") ?? ""),
        };
        await Responses.WriteAsync(request.Http, 201, review);
    }

    private static Caller Subject(JsonObject review)
    {
        var groups = (review.At("spec", "groups") as JsonArray ?? []).Select(g => (string?)g ?? "").ToList();
        return new Caller(review.Text("spec", "user") ?? "", groups);
    }

    private JsonObject Access(Caller caller, JsonObject review)
    {
        var spec = review["spec"];
        Check(review, spec);

        var wanted = spec.At("resourceAttributes") is { } r
            ? new AccessAttributes(
                r.Text("verb") ?? "", r.Text("group") ?? "", r.Text("resource") ?? "", r.Text("subresource") ?? "", r.Text("namespace") ?? "", r.Text("name") ?? "")
            : new AccessAttributes(spec.Text("nonResourceAttributes", "verb") ?? "", Path: spec.Text("nonResourceAttributes", "path") ?? "");
        var decision = authorizer.Decide(caller, wanted);
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private static void Check(JsonObject review, JsonNode? spec)
    {
        var errors = new List<FieldError>();
        if (spec.At("resourceAttributes") is not null && spec.At("nonResourceAttributes") is { } both)
        {
            errors.Add(FieldError.Invalid("spec.nonResourceAttributes", both.ToJsonString(ApiJson.Options), "cannot be specified in combination with resourceAttributes"));
        }

        if (spec.At("resourceAttributes") is null && spec.At("nonResourceAttributes") is null)
        {
            errors.Add(FieldError.Invalid("spec.resourceAttributes", "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }

        var kind = review.Text("kind")!;
        if (kind is "SubjectAccessReview" or "LocalSubjectAccessReview" && string.IsNullOrEmpty(spec.Text("user")) && spec.At("groups") is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Invalid("spec.user", "\"\"", "at least one of user or group must be specified"));
        }

        if (errors.Count > 0)
        {
            // The API server leaves the kind out of this refusal.
            throw ApiErrors.Invalid("", "authorization.k8s.io", "", errors);
        }
    }

    private JsonObject Rules(Caller caller, string ns)
    {
        if (ns.Length == 0)
        {
            throw ApiErrors.BadRequest("no namespace on request");
        }

        var rules = caller.IsMaster
            ?
            [
                new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") },
                new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") },
            ]
            : authorizer.RulesFor(caller, ns).Select(r => r.DeepClone().AsObject()).ToList();
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => r["resources"] is not null)]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => r["nonResourceURLs"] is not null)]),
            ["incomplete"] = false,
        };
    }

    private JsonObject Token(string token) => authenticator.OfToken(token) is { } caller
        ? new JsonObject { ["authenticated"] = true, ["user"] = UserInfo(caller), ["audiences"] = new JsonArray(ServiceAccountTokens.Issuer) }
        : new JsonObject { ["authenticated"] = false, ["error"] = "the token is not one of this cluster, or is over" };

    private static JsonObject UserInfo(Caller caller)
    {
        var info = new JsonObject { ["username"] = caller.Name, ["groups"] = new JsonArray([.. caller.Groups.Select(g => (JsonNode)g)]) };
        if (caller.Uid.Length > 0)
        {
            info["uid"] = caller.Uid;
        }

        if (caller.Extra.Count > 0)
        {
            info["extra"] = new JsonObject(caller.Extra.OrderBy(e => e.Key, StringComparer.Ordinal)
                .Select(e => KeyValuePair.Create(e.Key, (JsonNode?)new JsonArray([.. e.Value.Select(v => (JsonNode)v)]))));
        }

        return info;
    }
}
