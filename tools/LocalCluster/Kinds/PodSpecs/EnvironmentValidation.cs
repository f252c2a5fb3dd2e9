using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Environment variables, given or taken from elsewhere.</summary>
internal static class EnvironmentValidation
{
    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    public static void OfContainer(JsonObject container, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var variable in container.Objects("env"))
        {
            var field = $"{at}.env[{index++}]";
            Checks.Given(variable, "name", field, errors);
            Checks.Name(variable, "name", field, Names.WrongVariable, errors);
            if (variable["valueFrom"] is JsonObject from)
            {
                From(from, !string.IsNullOrEmpty(variable.Text("value")), $"{field}.valueFrom", errors);
            }
        }

        index = 0;
        foreach (var source in container.Objects("envFrom"))
        {
            Whole(source, $"{at}.envFrom", index++, errors);
        }
    }

    private static void From(JsonObject from, bool hasValue, string at, List<FieldError> errors)
    {
        if (from["fieldRef"] is JsonObject field)
        {
            FieldReferences.Field(field, FieldReferences.OfEnvironment, $"{at}.fieldRef", errors);
        }

        if (from["resourceFieldRef"] is JsonObject resource)
        {
            FieldReferences.Resource(resource, $"{at}.resourceFieldRef", needsContainer: false, errors);
        }

        foreach (var source in new[] { from["configMapKeyRef"], from["secretKeyRef"] })
        {
            if (source is JsonObject key)
            {
                Key(key, $"{at}.{key.GetPropertyName()}", errors);
            }
        }

        var count = Sources.Count(s => from[s] is JsonObject);
        if (count == 0)
        {
            errors.Add(FieldError.Invalid(at, "\"\"", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"));
        }
        else if (hasValue)
        {
            errors.Add(FieldError.Invalid(at, "\"\"", "may not be specified when `value` is not empty"));
        }
        else if (count > 1)
        {
            errors.Add(FieldError.Invalid(at, "\"\"", "may not have more than one field specified at a time"));
        }
    }

    private static void Key(JsonObject reference, string at, List<FieldError> errors)
    {
        var name = reference.Text("name") ?? "";
        if (Names.WrongSubdomain(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid($"{at}.name", FieldError.Quote(name), wrong));
        }

        var key = reference.Text("key") ?? "";
        if (key.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.key"));
        }
        else
        {
            errors.AddRange(Names.ConfigKeyProblems(key).Select(p => FieldError.Invalid($"{at}.key", FieldError.Quote(key), p)));
        }
    }

    private static void Whole(JsonObject source, string at, int index, List<FieldError> errors)
    {
        var field = $"{at}[{index}]";
        Checks.Name(source, "prefix", field, Names.WrongVariable, errors);
        var count = 0;
        foreach (var name in new[] { source["configMapRef"], source["secretRef"] }.OfType<JsonObject>())
        {
            count++;
            Checks.Given(name, "name", $"{field}.{name.GetPropertyName()}", errors);
        }

        if (count != 1)
        {
            errors.Add(FieldError.Invalid(
                at, "\"\"", count == 0 ? "must specify one of: `configMapRef` or `secretRef`" : "may not have more than one field specified at a time"));
        }
    }
}
