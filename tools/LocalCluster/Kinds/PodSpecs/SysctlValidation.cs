using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Kernel parameters of a pod.</summary>
internal static partial class SysctlValidation
{
    private const string Form = @"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

    public static void OfPod(JsonNode? context, string at, List<FieldError> errors)
    {
        var names = new HashSet<string>();
        var index = 0;
        foreach (var sysctl in context.Objects("sysctls"))
        {
            var field = $"{at}[{index++}].name";
            var name = sysctl.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required(field));
            }
            else if (name.Length > 253 || !Sysctl().IsMatch(name))
            {
                errors.Add(FieldError.Invalid(field, FieldError.Quote(name), $"must have at most 253 characters and match regex {Form}"));
            }
            else if (!names.Add(name))
            {
                errors.Add(FieldError.Duplicate(field, FieldError.Quote(name)));
            }
        }
    }

    [GeneratedRegex(Form, RegexOptions.CultureInvariant)]
    private static partial Regex Sysctl();
}
