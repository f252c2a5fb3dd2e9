namespace Workspaces.Requests.Storage;

/// <summary>Something that must be in the database before requests are answered.</summary>
public interface IStorePreparation
{
    /// <summary>Puts it there; called again after a failure, so it must be safe to repeat.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);
}
