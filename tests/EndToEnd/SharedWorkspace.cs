using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>A ready workspace that a class of tests shares.</summary>
public sealed class SharedWorkspace(Suite suite) : IAsyncLifetime
{
    /// <summary>Its name, which is also its login name.</summary>
    public string Name { get; } = "shared-" + Guid.NewGuid().ToString("N")[..6];

    public async ValueTask InitializeAsync() => await suite.CreateReadyAsync(Name);

    public async ValueTask DisposeAsync() => await suite.DeleteAsync(Name);
}
