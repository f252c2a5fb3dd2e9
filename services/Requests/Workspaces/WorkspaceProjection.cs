using JasperFx.Events;
using Marten.Events.Aggregation;

namespace Workspaces.Requests.Workspaces;

/// <summary>Keeps one <see cref="Workspace"/> document per stream, in the transaction that appends.</summary>
public sealed class WorkspaceProjection : SingleStreamProjection<Workspace, string>
{
    /// <inheritdoc/>
    public override Workspace? Evolve(Workspace? snapshot, string id, IEvent e) => WorkspaceEvolution.Apply(snapshot, e.Data);
}
