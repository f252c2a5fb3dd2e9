namespace Workspaces.Requests.Tests.Running;

/// <summary>Tests that share one running service; each makes its own workspaces and users in it.</summary>
[CollectionDefinition(Name)]
public sealed class RequestsCollection : ICollectionFixture<RunningRequests>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "running service";
}
