namespace Workspaces.LocalCluster.Controllers.Revisions;

/// <summary>An owner's revisions by number, the one whose data is its present template, and how many names were found taken.</summary>
internal sealed record RevisionSet(IReadOnlyList<Revision> All, Revision Present, int Collisions)
{
    public IEnumerable<Revision> Old => All.Where(revision => revision.Name != Present.Name);
}
