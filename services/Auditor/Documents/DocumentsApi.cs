using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Auditor.Documents;

/// <summary>The contracts as documents, for everybody: they tell nothing about anybody.</summary>
internal static class DocumentsApi
{
    private const string Suffix = ".json";

    private static readonly string AsyncApi = AsyncApiDocument.Document.ToJsonString();
    private static readonly Dictionary<string, string> Schemas = EventSchemas.All.ToDictionary(schema => schema.Key + Suffix, schema => schema.Value.ToJsonString());

    public static IEndpointRouteBuilder MapDocumentsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("documents").AllowAnonymous();
        group.MapGet(AsyncApiDocument.Path, () => TypedResults.Text(AsyncApi, MediaTypeNames.Application.Json)).WithName("AsyncApi");
        group.MapGet(EventSchemas.Path, () => TypedResults.Ok(new SchemaList([.. EventSchemas.All.Keys.Select(name => new SchemaLink(name, $"{EventSchemas.Path}/{name}{Suffix}"))])))
            .WithName("ListSchemas");
        group.MapGet($"{EventSchemas.Path}/{{file}}", Schema).WithName("EventSchema");
        return routes;
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Schema(string file) =>
        Schemas.GetValueOrDefault(file) is { } schema
            ? TypedResults.Text(schema, MediaTypeNames.Application.Json)
            : Problems.Problem("schema-not-found", StatusCodes.Status404NotFound, $"There is no schema '{file}'; {EventSchemas.Path} lists those that there are.");

    private sealed record SchemaList(IReadOnlyList<SchemaLink> Schemas);

    private sealed record SchemaLink(string Event, string Href);
}
