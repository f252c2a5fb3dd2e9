namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// When a watch is sent bookmarks: about every minute, and once more shortly before it ends, so that the client can go on from there. The first one of a
/// watch that began with what there is says where that ended (<paramref name="EndsInitial"/>).
/// </summary>
internal sealed record BookmarkPlan(bool Wanted, bool EndsInitial, DateTimeOffset Last)
{
    /// <summary>How long until the next; null: there is none any more.</summary>
    public TimeSpan? Next(DateTimeOffset now, TimeSpan interval) =>
        !Wanted || now >= Last ? null : Last - now < interval ? Last - now : interval;
}
