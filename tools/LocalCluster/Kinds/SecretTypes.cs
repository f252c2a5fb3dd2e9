using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What Secrets of the known types must contain (https://kubernetes.io/docs/concepts/configuration/secret/#secret-types).</summary>
internal static class SecretTypes
{
    private const string AccountName = "kubernetes.io/service-account.name";

    public static void Validate(JsonObject secret, List<FieldError> errors)
    {
        var data = secret["data"] as JsonObject ?? [];
        switch (secret.Text("type"))
        {
            case "kubernetes.io/service-account-token":
                if (string.IsNullOrEmpty(secret.Text("metadata", "annotations", AccountName)))
                {
                    errors.Add(FieldError.Required($"metadata.annotations[{AccountName}]"));
                }

                break;
            case "kubernetes.io/dockercfg":
                Document(data, ".dockercfg", errors);
                break;
            case "kubernetes.io/dockerconfigjson":
                Document(data, ".dockerconfigjson", errors);
                break;
            case "kubernetes.io/basic-auth":
                if (!data.ContainsKey("username") && !data.ContainsKey("password"))
                {
                    errors.AddRange([FieldError.Required("data[username]"), FieldError.Required("data[password]")]);
                }

                break;
            case "kubernetes.io/ssh-auth":
                if (string.IsNullOrEmpty(data.Text("ssh-privatekey")))
                {
                    errors.Add(FieldError.Required("data[ssh-privatekey]"));
                }

                break;
            case "kubernetes.io/tls":
                errors.AddRange(((string[])["tls.crt", "tls.key"]).Where(k => !data.ContainsKey(k)).Select(k => FieldError.Required($"data[{k}]")));
                break;
        }
    }

    /// <summary>A key that holds a JSON object.</summary>
    private static void Document(JsonObject data, string key, List<FieldError> errors)
    {
        if (data.Text(key) is not { } base64)
        {
            errors.Add(FieldError.Required($"data[{key}]"));
        }
        else if (Problem(Encoding.UTF8.GetString(Convert.FromBase64String(base64))) is { } problem)
        {
            errors.Add(FieldError.Invalid($"data[{key}]", "\"<secret contents redacted>\"", problem));
        }
    }

    private static string? Problem(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? null
                : $"json: cannot unmarshal {document.RootElement.ValueKind.ToString().ToLowerInvariant()} into Go value of type map[string]interface {{}}";
        }
        catch (JsonException)
        {
            var rest = text.TrimStart(' ', '\t', '\r', '\n');
            return rest.Length == 0 || rest[0] is '{' or '[' or '"'
                ? "unexpected end of JSON input"
                : $"invalid character {(rest[0] < ' ' ? $"'\\x{(int)rest[0]:x2}'" : $"'{rest[0]}'")} looking for beginning of value";
        }
    }
}
