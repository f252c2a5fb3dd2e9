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
        var size = 0L;
        foreach (var part in new[] { "data", "binaryData" })
        {
            foreach (var (key, value) in obj[part] as JsonObject ?? [])
            {
                if (!Names.IsConfigKey(key))
                {
                    errors.Add(FieldError.Invalid(
                        $"{part}[{key}]", FieldError.Quote(key),
                        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
                        + "regex used for validation is '[-._a-zA-Z0-9]+')"));
                }

                size += key.Length + ((string?)value ?? "").Length;
            }
        }

        if (size > SizeLimit)
        {
            errors.Add(new FieldError("FieldValueTooLong", isSecret ? "data" : "", $"Too long: may not be more than {SizeLimit} bytes"));
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
}
