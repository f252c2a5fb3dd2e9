using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Says what strict field validation found, as the request wants it: not at all, in Warning headers, or as its refusal.</summary>
internal static class FieldProblems
{
    /// <summary>How the problems of a YAML document begin: all of them are one.</summary>
    public const string YamlPrefix = "yaml: unmarshal errors:\n";

    private const string Strictly = "strict decoding error: ";

    /// <summary>Of a whole object that is created or replaced: 400.</summary>
    public static void OfBody(string kind, string version, WriteOptions options)
    {
        if (Tell(options.Problems, options))
        {
            throw ApiErrors.BadRequest($"{kind} in version \"{version}\" cannot be handled as a {kind}: {Strictly}{string.Join(", ", options.Problems)}");
        }
    }

    /// <summary>Of a patch and of the object that it led to: 422 with the patch as the wrong value.</summary>
    public static void OfPatch(IReadOnlyList<string> unknown, Func<string> shownPatch, WriteOptions options)
    {
        IReadOnlyList<string> problems = [.. options.Problems, .. unknown];
        if (Tell(problems, options))
        {
            throw ApiErrors.InvalidPatch(shownPatch(), Strictly + string.Join(", ", problems));
        }
    }

    /// <summary>Of an applied configuration: 400.</summary>
    public static void OfApply(WriteOptions options)
    {
        if (Tell(options.Problems, options))
        {
            throw ApiErrors.BadRequest($"error strict decoding YAML: error converting YAML to JSON: {string.Join(", ", options.Problems)}");
        }
    }

    /// <summary>Warns where that is wanted; says whether to refuse.</summary>
    private static bool Tell(IReadOnlyList<string> problems, WriteOptions options)
    {
        if (problems.Count == 0 || options.Validation == FieldValidation.Ignore)
        {
            return false;
        }

        if (options.Validation == FieldValidation.Strict)
        {
            return true;
        }

        foreach (var problem in problems)
        {
            var lines = problem.StartsWith(YamlPrefix, StringComparison.Ordinal) ? problem[YamlPrefix.Length..].Split('\n', StringSplitOptions.TrimEntries) : [problem];
            foreach (var line in lines)
            {
                options.Warnings.Add(line);
            }
        }

        return false;
    }
}
