using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Reads the query parameters that every write has.</summary>
internal static class RequestOptions
{
    private const int LongestManager = 128;

    private static readonly string[] Validations = ["", "Ignore", "Strict", "Warn"];

    /// <summary>
    /// The options of a create, update or patch. What it warns of goes into headers whatever the answer is.
    /// <paramref name="problems"/> is what strict field validation objects to in the body.
    /// </summary>
    public static WriteOptions Of(ApiRequest request, Caller caller, IReadOnlyList<string> problems)
    {
        Check(request);
        var warnings = new List<string>();
        request.Http.Response.OnStarting(() =>
        {
            Responses.AddWarnings(request.Http, warnings);
            return Task.CompletedTask;
        });
        return new WriteOptions(caller, FieldManager(request))
        {
            DryRun = IsDryRun(request),
            Problems = problems,
            Warnings = warnings,
            Validation = request.Parameter("fieldValidation") switch
            {
                "Strict" => FieldValidation.Strict,
                "Ignore" => FieldValidation.Ignore,
                _ => FieldValidation.Warn,
            },
        };
    }

    public static bool IsDryRun(ApiRequest request) => DryRuns(request).Count > 0;

    /// <summary>Refuses parameters that no create, update, patch or delete has.</summary>
    public static void Check(ApiRequest request, params IEnumerable<FieldError> others)
    {
        var errors = others.ToList();
        var manager = request.Parameter("fieldManager") ?? "";
        if (manager.Length > LongestManager)
        {
            errors.Add(FieldError.TooLong("fieldManager", LongestManager));
        }

        if (manager.Any(char.IsControl))
        {
            errors.Add(FieldError.Invalid("fieldManager", FieldError.Quote(manager), "should only contain printable characters"));
        }

        var dryRuns = DryRuns(request);
        if (dryRuns.Exists(d => d != "All"))
        {
            errors.Add(FieldError.NotSupported("dryRun", $"[{string.Join(',', dryRuns.Select(FieldError.Quote))}]", "All"));
        }

        if (request.Parameter("fieldValidation") is { } validation && !Validations.Contains(validation))
        {
            errors.Add(FieldError.NotSupported("fieldValidation", FieldError.Quote(validation), Validations));
        }

        if (errors.Count > 0)
        {
            var verb = request.Verb == "deletecollection" ? "delete" : request.Verb;
            throw ApiErrors.Invalid($"{char.ToUpperInvariant(verb[0])}{verb[1..]}Options", "meta.k8s.io", "", errors);
        }
    }

    private static List<string> DryRuns(ApiRequest request) => [.. request.Query["dryRun"].Where(v => !string.IsNullOrEmpty(v)).Select(v => v!)];

    /// <summary>Whether an apply takes what others own. 422 where an apply names no manager, or another patch is forced.</summary>
    public static bool Force(ApiRequest request, string mediaType)
    {
        var isApply = mediaType == ObjectPatcher.ApplyPatchType;
        if (isApply && string.IsNullOrEmpty(request.Parameter("fieldManager")))
        {
            Check(request, FieldError.Required("fieldManager", "is required for apply patch"));
        }

        if (!isApply && request.Parameter("force") is not null)
        {
            Check(request, FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        return request.Parameter("force") is { } force && force is not ("false" or "0");
    }

    /// <summary>Who the client says it is; else the first word of its User-Agent.</summary>
    private static string FieldManager(ApiRequest request)
    {
        var given = request.Parameter("fieldManager");
        if (!string.IsNullOrEmpty(given))
        {
            return given;
        }

        var agent = request.Http.Request.Headers.UserAgent.ToString();
        var name = agent.Split('/', 2)[0];
        return name.Length == 0 ? "unknown" : name.Length > LongestManager ? name[..LongestManager] : name;
    }
}
