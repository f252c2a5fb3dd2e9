using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Where the next page of a list begins: after which object, in the state of which version.</summary>
internal static class ContinueToken
{
    /// <summary>In the place of a version: go on with what there is now.</summary>
    public const long Newest = -1;

    public static string Make(long version, string lastKey) =>
        System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = version, ["start"] = lastKey }.ToJsonString()));

    public static (long Version, string LastKey) Read(string token)
    {
        try
        {
            var json = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token));
            if (json.Number("rv") is { } version && json.Text("start") is { } key)
            {
                return (version, key);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Falls through to the refusal: not a token of ours.
        }

        throw ApiErrors.BadRequest("invalid continue token: continue key is not valid: it was not made by this server");
    }
}
