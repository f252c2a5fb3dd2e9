using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What must hold of every object's metadata.</summary>
internal static class MetadataRules
{
    private const int AnnotationsLimit = 256 * 1024;

    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];
    private static readonly string[] OwnerFields = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

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
        Owners([.. metadata.Objects("ownerReferences")], errors);
        Finalizers(metadata, errors);
    }

    public static void Labels(JsonObject? labels, string field, List<FieldError> errors)
    {
        foreach (var (key, value) in labels ?? [])
        {
            Checks.QualifiedName(key, field, errors);
            if (Names.WrongLabelValue((string?)value ?? "") is { } wrongValue)
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote((string?)value), wrongValue));
            }
        }
    }

    public static void Annotations(JsonObject? annotations, string field, List<FieldError> errors)
    {
        foreach (var (key, _) in annotations ?? [])
        {
            // Upper case is allowed in the domain of an annotation.
            errors.AddRange(Names.QualifiedNameProblems(key.ToLowerInvariant()).Select(p => FieldError.Invalid(field, FieldError.Quote(key), p)));
        }

        if (annotations?.Sum(a => a.Key.Length + (a.Value?.ToString().Length ?? 0)) > AnnotationsLimit)
        {
            errors.Add(FieldError.TooLong(field, AnnotationsLimit));
        }
    }

    private static void Owners(List<JsonObject> owners, List<FieldError> errors)
    {
        const string At = "metadata.ownerReferences";
        foreach (var owner in owners)
        {
            foreach (var field in OwnerFields[..4])
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                {
                    errors.Add(FieldError.Invalid($"{At}.{field}", "\"\"", field == "apiVersion" ? "version must not be empty" : "must not be empty"));
                }
            }

            if (owner.Text("kind") == "Event" && owner.Text("apiVersion") == "v1")
            {
                errors.Add(FieldError.Invalid(At, GoStructs.Any(GoStructs.Ordered(owner, OwnerFields)), "/v1, Kind=Event is disallowed from being an owner"));
            }
        }

        var controllers = owners.Where(o => o.Flag("controller") == true).ToList();
        if (controllers.Count > 1)
        {
            var shown = new JsonArray([.. owners.Select(o => (JsonNode)GoStructs.Ordered(o, OwnerFields))]);
            errors.Add(FieldError.Invalid(
                At, GoStructs.Any(shown),
                "Only one reference can have Controller set to true. Found \"true\" in references for "
                + string.Join(" and ", controllers.Take(2).Select(c => $"{c.Text("kind")}/{c.Text("name")}"))));
        }
    }

    private static void Finalizers(JsonObject metadata, List<FieldError> errors)
    {
        var finalizers = (metadata["finalizers"] as JsonArray ?? []).Select(f => (string?)f ?? "").ToList();
        foreach (var finalizer in finalizers)
        {
            Checks.QualifiedName(finalizer, "metadata.finalizers", errors);
        }

        for (var i = 0; i < finalizers.Count; i++)
        {
            if (!finalizers[i].Contains('/') && !StandardFinalizers.Contains(finalizers[i]))
            {
                errors.Add(FieldError.Invalid($"metadata.finalizers[{i}]", FieldError.Quote(finalizers[i]), "name is neither a standard finalizer name nor is it fully qualified"));
            }
        }

        if (finalizers.Contains("orphan") && finalizers.Contains("foregroundDeletion"))
        {
            errors.Add(FieldError.Invalid("metadata.finalizers", GoStructs.Any(metadata["finalizers"]), "finalizer orphan and foregroundDeletion cannot be both set"));
        }
    }
}
