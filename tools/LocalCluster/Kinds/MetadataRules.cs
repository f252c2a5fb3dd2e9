using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What must hold of every object's metadata.</summary>
internal static class MetadataRules
{
    private const int AnnotationsLimit = 256 * 1024;

    public static void Validate(JsonObject obj, KindRules rules, List<FieldError> errors)
    {
        var metadata = obj["metadata"]!.AsObject();
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        }
        else if (rules.WrongName(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid("metadata.name", FieldError.Quote(name), wrong));
        }

        Labels(metadata["labels"] as JsonObject, "metadata.labels", errors);
        Annotations(metadata["annotations"] as JsonObject, "metadata.annotations", errors);
        var index = 0;
        foreach (var owner in metadata.Objects("ownerReferences"))
        {
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                {
                    errors.Add(FieldError.Invalid($"metadata.ownerReferences[{index}].{field}", "\"\"", $"{(field == "apiVersion" ? "version" : field)} must not be empty"));
                }
            }

            index++;
        }

        if (metadata.Objects("ownerReferences").Count(o => o.Flag("controller") == true) > 1)
        {
            errors.Add(FieldError.Invalid("metadata.ownerReferences", "[]", "Only one reference can have Controller set to true"));
        }
    }

    public static void Labels(JsonObject? labels, string field, List<FieldError> errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            if (Names.WrongQualifiedName(key) is { } wrongKey)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(key), wrongKey));
            }

            if (Names.WrongLabelValue((string?)value ?? "") is { } wrongValue)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote((string?)value), wrongValue));
            }
        }
    }

    private static void Annotations(JsonObject? annotations, string field, List<FieldError> errors)
    {
        foreach (var (key, _) in annotations ?? [])
        {
            if (Names.WrongQualifiedName(key.ToLowerInvariant()) is { } wrong)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(key), wrong));
            }
        }

        if (annotations?.Sum(a => a.Key.Length + (a.Value?.ToString().Length ?? 0)) > AnnotationsLimit)
        {
            errors.Add(FieldError.TooLong(field, AnnotationsLimit));
        }
    }
}
