using JasperFx;

namespace Workspaces.Requests.Storage;

/// <summary>Recognises the database's refusal of a second holder: of a name, a key, an idempotency key.</summary>
public static class AlreadyThere
{
    /// <summary>Types of the documents that were there already; empty: the failure is another one.</summary>
    public static IReadOnlyList<Type> TypesIn(Exception exception)
    {
        // Marten reports several failures of one transaction together.
        IReadOnlyList<Exception> causes = exception is AggregateException several ? several.Flatten().InnerExceptions : [exception];
        return causes.All(cause => cause is DocumentAlreadyExistsException)
            ? [.. causes.OfType<DocumentAlreadyExistsException>().Select(cause => cause.DocType)]
            : [];
    }
}
