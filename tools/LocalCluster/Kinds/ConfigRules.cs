using System.Text;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>ConfigMaps and Secrets: keys that can be file names, a size limit, and immutability where asked for.</summary>
internal sealed class ConfigRules(bool isSecret) : KindRules
{
    private const int SizeLimit = 1 << 20;

    public override void Default(JsonObject obj)
    {
        if (!isSecret)
        {
            return;
        }

        obj.SetDefault("type", "Opaque");
        if (obj["stringData"] is JsonObject plain)
        {
            // Write-only: it becomes data.
            var data = obj.Ensure("data");
            foreach (var (key, value) in plain)
            {
                data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string?)value ?? ""));
            }

            obj.Remove("stringData");
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var size = Part(obj, "data", errors) + Part(obj, "binaryData", errors);
        if (size > SizeLimit)
        {
            errors.Add(FieldError.TooLong(isSecret ? "data" : "", SizeLimit));
        }

        if (isSecret)
        {
            SecretTypes.Validate(obj, errors);
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (isSecret && obj.Text("type") != old.Text("type"))
        {
            errors.Add(FieldError.Invalid("type", FieldError.Quote(obj.Text("type")), "field is immutable"));
        }

        if (old.Flag("immutable") != true)
        {
            return;
        }

        if (obj.Flag("immutable") != true)
        {
            errors.Add(FieldError.Forbidden("immutable", "field is immutable when `immutable` is set"));
        }

        foreach (var part in new[] { "data", "binaryData" })
        {
            if (!JsonNode.DeepEquals(obj[part], old[part]))
            {
                errors.Add(FieldError.Forbidden(part, "field is immutable when `immutable` is set"));
            }
        }
    }

    /// <summary>Reports wrong keys of one map; returns how many bytes its values are.</summary>
    private long Part(JsonObject obj, string part, List<FieldError> errors)
    {
        var size = 0L;
        foreach (var (key, value) in obj[part] as JsonObject ?? [])
        {
            var at = $"{part}[{key}]";
            errors.AddRange(Names.ConfigKeyProblems(key).Select(p => FieldError.Invalid(at, FieldError.Quote(key), p)));
            if (part == "data" && obj["binaryData"] is JsonObject binary && binary.ContainsKey(key))
            {
                errors.Add(FieldError.Invalid(at, FieldError.Quote(key), "duplicate of key present in binaryData"));
            }

            var text = (string?)value ?? "";
            size += isSecret || part == "binaryData" ? Bytes(text) : Encoding.UTF8.GetByteCount(text);
        }

        return size;
    }

    /// <summary>How many bytes a text in base64 stands for.</summary>
    private static long Bytes(string base64) => (base64.Length / 4 * 3) - base64.AsSpan().Count('=');
}
