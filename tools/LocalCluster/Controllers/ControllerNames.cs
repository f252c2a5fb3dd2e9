namespace Workspaces.LocalCluster.Controllers;

/// <summary>Names under which the controllers write and speak, as those of a real cluster do.</summary>
internal static class ControllerNames
{
    /// <summary>The manager of the fields that controllers write.</summary>
    public const string FieldManager = "kube-controller-manager";
}
