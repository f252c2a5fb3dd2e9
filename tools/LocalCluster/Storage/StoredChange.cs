namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// One step of the history. <see cref="Previous"/> lets a watch with a selector tell an object that began or ceased to match.
/// </summary>
public sealed record StoredChange(string Type, StoredObject Current, StoredObject? Previous)
{
    public long ResourceVersion => Current.ResourceVersion;
}
