using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>What setting a namespace's labels leads to: 422 for what cannot be read, warnings about pods that are there and would not be let in.</summary>
internal static class NamespaceLabelCheck
{
    private const int MostPods = 3000;

    public static void Check(AdmissionRequest request)
    {
        var errors = new List<FieldError>();
        var now = NamespacePolicy.Of(request.Object.At("metadata", "labels"), errors);
        var errorsBefore = new List<FieldError>();
        var before = NamespacePolicy.Of(request.Old.At("metadata", "labels"), errorsBefore);
        if (errors.Count > 0 && (request.IsCreate || !errors.SequenceEqual(errorsBefore)))
        {
            throw ApiErrors.Invalid(request.Type, request.Name, errors);
        }

        var (enforce, old) = (now.Enforce, before.Enforce);
        if (request.IsCreate || enforce == old || enforce.Level == PolicyLevel.Privileged || (enforce.Minor == old.Minor && enforce.Level <= old.Level))
        {
            return;
        }

        foreach (var warning in Warnings(request.Name, enforce, [.. request.Store.List(ResourceTypes.Pods, request.Name).Select(p => p.Json)]))
        {
            request.Options.Warnings.Add(warning);
        }
    }

    /// <summary>One line for all pods that do the same; of a controller's pods one is looked at before any other's second.</summary>
    private static IEnumerable<string> Warnings(string ns, Policy enforce, List<JsonObject> pods)
    {
        var controllers = new HashSet<string>();
        var ordered = pods.OrderBy(p => Controller(p) is { } uid && !controllers.Add(uid)).ToList();
        var offenders = new Dictionary<string, List<string>>();
        foreach (var pod in ordered.Take(MostPods))
        {
            var violations = PolicyEvaluator.Violations(enforce, new SecuredPod(pod["metadata"], pod["spec"]!.AsObject()));
            if (violations.Count > 0)
            {
                var reasons = string.Join(", ", violations.Select(v => v.Reason));
                (offenders.TryGetValue(reasons, out var names) ? names : offenders[reasons] = []).Add(pod.Text("metadata", "name")!);
            }
        }

        if (pods.Count > MostPods)
        {
            yield return $"new PodSecurity enforce level only checked against the first {MostPods} of {pods.Count} existing pods";
        }

        if (offenders.Count > 0)
        {
            yield return $"existing pods in namespace \"{ns}\" violate the new PodSecurity enforce level \"{enforce}\"";
        }

        foreach (var line in offenders.Select(o => Line(o.Value, o.Key)).Order(StringComparer.Ordinal))
        {
            yield return line;
        }
    }

    private static string Line(List<string> names, string reasons)
    {
        var first = names.Min(StringComparer.Ordinal);
        return names.Count switch
        {
            1 => $"{first}: {reasons}",
            2 => $"{first} (and 1 other pod): {reasons}",
            _ => $"{first} (and {names.Count - 1} other pods): {reasons}",
        };
    }

    private static string? Controller(JsonObject pod) => pod.Objects("metadata", "ownerReferences").FirstOrDefault(o => o.Flag("controller") == true)?.Text("uid");
}
