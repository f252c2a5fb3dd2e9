using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Querying;

/// <summary>The answer to whoever wants to read on where the log does not reach back to any more: never a silent gap.</summary>
internal static class CursorTooOld
{
    /// <param name="first">Where the log begins.</param>
    public static ProblemHttpResult Problem(long first) => Problems.Problem(
        "cursor-too-old",
        StatusCodes.Status410Gone,
        $"Events before {first} have been archived. Read on with after={first - 1}, and the archive for what was before.",
        new Dictionary<string, object?> { ["first"] = first });
}
