using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Workspaces.ServiceDefaults.Http;

/// <summary>Makes problem details (RFC 9457). Every one has the member <c>code</c>: stable, for programs; <c>detail</c> is for people.</summary>
public static class Problems
{
    /// <summary>Name of the member that carries the code.</summary>
    public const string CodeMember = "code";

    /// <summary>A problem.</summary>
    /// <param name="code">Kebab-case, never changed once published.</param>
    /// <param name="status">HTTP status code.</param>
    /// <param name="detail">One or two sentences: what is wrong and what to do about it.</param>
    public static ProblemHttpResult Problem(string code, int status, string detail) => Problem(code, status, detail, members: null);

    /// <summary>A problem with further members, such as <c>field</c> or <c>errors</c>.</summary>
    /// <param name="code">Kebab-case, never changed once published.</param>
    /// <param name="status">HTTP status code.</param>
    /// <param name="detail">One or two sentences: what is wrong and what to do about it.</param>
    /// <param name="members">Extension members (RFC 9457 section 3.2).</param>
    public static ProblemHttpResult Problem(string code, int status, string detail, IReadOnlyDictionary<string, object?>? members)
    {
        var extensions = new Dictionary<string, object?> { [CodeMember] = code };
        foreach (var (name, value) in members ?? new Dictionary<string, object?>())
        {
            extensions[name] = value;
        }

        return TypedResults.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status), extensions: extensions);
    }

    /// <summary>The code of errors that the framework answers by itself: its reason phrase in kebab case, <c>method-not-allowed</c>.</summary>
    internal static string CodeOf(int status)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        return phrase.Length == 0 ? $"status-{status}" : phrase.ToLowerInvariant().Replace(' ', '-').Replace("'", "", StringComparison.Ordinal);
    }
}
