using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Reads the query parameters that every write has.</summary>
internal static class RequestOptions
{
    private const int LongestManager = 128;

    public static WriteOptions Of(ApiRequest request, Caller caller, IReadOnlyList<string> duplicates) => new(caller, FieldManager(request))
    {
        DryRun = IsDryRun(request),
        Duplicates = duplicates,
        Warnings = [],
        Validation = request.Parameter("fieldValidation") switch
        {
            "Strict" => FieldValidation.Strict,
            "Ignore" => FieldValidation.Ignore,
            null or "" or "Warn" => FieldValidation.Warn,
            var other => throw ApiErrors.BadRequest($"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Strict\", \"Warn\""),
        },
    };

    public static bool IsDryRun(ApiRequest request) => request.Parameter("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw ApiErrors.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };

    /// <summary>Who the client says it is; else the first word of its User-Agent.</summary>
    private static string FieldManager(ApiRequest request)
    {
        var given = request.Parameter("fieldManager");
        if (given is { Length: > LongestManager })
        {
            throw ApiErrors.BadRequest($"fieldManager: Too long: may not be more than {LongestManager} bytes");
        }

        if (!string.IsNullOrEmpty(given))
        {
            return given;
        }

        var agent = request.Http.Request.Headers.UserAgent.ToString();
        var name = agent.Split('/', 2)[0];
        return name.Length == 0 ? "unknown" : name.Length > LongestManager ? name[..LongestManager] : name;
    }
}
