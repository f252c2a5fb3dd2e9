namespace Workspaces.Toolkit.Tests.Running;

/// <summary>Root file systems to try the toolkit in.</summary>
public enum ContainerImage
{
    /// <summary>Nothing at all: no shell, no /etc.</summary>
    Empty,

    /// <summary>This machine's programs.</summary>
    Debian,
}
