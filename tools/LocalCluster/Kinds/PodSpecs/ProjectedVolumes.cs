using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Volumes that are put together from several sources.</summary>
internal static class ProjectedVolumes
{
    private const long ShortestToken = 600;

    private static readonly string[] Kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];

    public static void Check(JsonObject projected, string at, List<FieldError> errors)
    {
        Checks.Mode(projected, "defaultMode", at, errors);
        var paths = new HashSet<string>();
        var index = 0;
        foreach (var source in projected.Objects("sources"))
        {
            var field = $"{at}.sources[{index++}]";
            Keys(source["secret"], at, $"{field}.secret", paths, errors);
            Keys(source["configMap"], at, $"{field}.configMap", paths, errors);
            foreach (var item in source.Objects("downwardAPI", "items"))
            {
                VolumeFiles.OfField(item, $"{field}.downwardAPI", errors);
                if (item.Text("path") is { Length: > 0 } path && !paths.Add(path))
                {
                    errors.Add(FieldError.Invalid(at, FieldError.Quote(path), "conflicting duplicate paths"));
                }
            }

            Token(source["serviceAccountToken"], at, $"{field}.serviceAccountToken", errors);
            if (Kinds.Count(k => source[k] is JsonObject) > 1)
            {
                errors.Add(FieldError.Forbidden(field, "may not specify more than 1 volume type per source"));
            }
        }
    }

    private static void Keys(JsonNode? node, string volume, string at, HashSet<string> paths, List<FieldError> errors)
    {
        if (node is not JsonObject source)
        {
            return;
        }

        Checks.Given(source, "name", at, errors);
        VolumeFiles.OfKeys(source, at, errors);
        foreach (var path in source.Objects("items").Select(i => i.Text("path") ?? "").Where(p => p.Length > 0 && !paths.Add(p)).ToList())
        {
            errors.Add(FieldError.Invalid(volume, FieldError.Quote(source.Text("name")), "conflicting duplicate paths"));
        }
    }

    private static void Token(JsonNode? token, string volume, string at, List<FieldError> errors)
    {
        if (token is null)
        {
            return;
        }

        var seconds = token.Number("expirationSeconds") ?? 0;
        if (seconds < ShortestToken)
        {
            errors.Add(FieldError.Invalid($"{at}.expirationSeconds", $"{seconds}", "may not specify a duration less than 10 minutes"));
        }

        if (seconds > 1L << 32)
        {
            errors.Add(FieldError.Invalid($"{at}.expirationSeconds", $"{seconds}", "may not specify a duration larger than 2^32 seconds"));
        }

        Checks.Given(token, "path", volume, errors);
        if (token.Text("path") is { Length: > 0 } path)
        {
            VolumeFiles.Path(path, $"{volume}.path", errors);
        }
    }
}
