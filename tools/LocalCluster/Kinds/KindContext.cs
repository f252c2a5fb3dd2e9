using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What a kind's rules may look at beyond the object itself.</summary>
internal sealed record KindContext(ObjectStore Store, DateTimeOffset Now);
