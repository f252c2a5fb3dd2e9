using Workspaces.LocalSuite.Layout;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>
/// What the command line that started a suite chose, so that later ones find the suite without repeating it.
/// </summary>
/// <param name="Ports">Its ports.</param>
/// <param name="Kubeconfig">The cluster of the person's own; null: LocalCluster.</param>
/// <param name="Context">Context in it.</param>
/// <param name="ServersOnly">Whether only PostgreSQL and RabbitMQ run.</param>
internal sealed record RunningSuite(SuitePorts Ports, string? Kubeconfig, string? Context, bool ServersOnly)
{
    /// <summary>What a layout chooses.</summary>
    public static RunningSuite Of(SuiteLayout layout) =>
        new(layout.Ports, layout.Options.Kubeconfig, layout.Options.Context, layout.Options.ServersOnly);

    /// <summary>The layout of the suite that runs, whatever else the command line said.</summary>
    public SuiteLayout Apply(SuiteLayout layout) =>
        layout with { Ports = Ports, Options = layout.Options with { Kubeconfig = Kubeconfig, Context = Context, ServersOnly = ServersOnly } };
}
