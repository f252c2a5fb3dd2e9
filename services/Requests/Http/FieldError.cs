using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Http;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Pointer">JSON pointer into the body (RFC 6901); empty: the body as a whole.</param>
/// <param name="Message">What is wrong and what to send instead.</param>
public sealed record FieldError(string Pointer, string Message);

/// <summary>Refusals that concern fields.</summary>
public static class FieldProblems
{
    /// <summary>A problem with the member <c>errors</c>; its detail is the first of them, for who reads nothing else.</summary>
    public static ProblemHttpResult Problem(string code, int status, IReadOnlyList<FieldError> errors)
    {
        var first = errors[0];
        var more = errors.Count == 1 ? "" : $" ({errors.Count - 1} more in 'errors')";
        var detail = first.Pointer.Length == 0 ? first.Message : $"{first.Pointer}: {first.Message}";
        return Problems.Problem(code, status, detail + more, new Dictionary<string, object?> { ["errors"] = errors });
    }

    /// <summary>Values that do not follow their rules.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyList<FieldError> errors) =>
        Problem("validation-failed", StatusCodes.Status422UnprocessableEntity, errors);

    /// <summary>One value that does not follow its rule.</summary>
    public static ProblemHttpResult Invalid(string pointer, string message) => Invalid([new FieldError(pointer, message)]);

    /// <summary>Appends a name to a JSON pointer (RFC 6901 section 3).</summary>
    public static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The same name as JSON has it.</summary>
    public static string JsonName(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
