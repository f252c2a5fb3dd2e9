using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

public sealed class TopologyTests
{
    [Fact]
    public void Exchanges_EveryEventOfTheContracts_HasOne()
    {
        var events = typeof(IWorkspaceEvent).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IWorkspaceEvent)));

        Assert.Equal(events.ToHashSet(), Topology.Exchanges.Select(exchange => exchange.EventType).ToHashSet());
    }

    [Fact]
    public void Exchanges_Each_HasAPublisher() => Assert.All(Topology.Exchanges, exchange => Assert.NotEmpty(exchange.Publishers));

    [Fact]
    public void AuditorQueue_IsBoundToEverythingButActivity()
    {
        var queue = Topology.QueueOf(ServiceName.Auditor)!;

        var missing = Topology.Exchanges.Except(queue.Bindings.Select(binding => binding.Exchange));

        Assert.Equal(typeof(WorkspaceActivity), Assert.Single(missing).EventType);
        Assert.All(queue.Bindings, binding => Assert.Equal("#", binding.RoutingKey));
    }

    [Fact]
    public void KeyOf_Command_IsItsModel() =>
        Assert.Equal(
            ["standalone", "injection"],
            [EventRouting.KeyOf(Events.Requested(WorkspaceModel.Standalone)), EventRouting.KeyOf(Events.Requested(WorkspaceModel.Injection))]);

    [Fact]
    public void KeyOf_Model_IsWrittenAsInJson() => Assert.All(
        Enum.GetValues<WorkspaceModel>(),
        model => Assert.Equal($"\"{EventRouting.KeyOf(model)}\"", System.Text.Json.JsonSerializer.Serialize(model, ContractsJson.Options)));

    [Theory]
    [InlineData("Workspaces.Contracts:SessionOpened", "urn:message:Workspaces.Contracts:SessionOpened", true)]
    [InlineData("Workspaces.Contracts:SessionOpened", "urn:message:Workspaces.Contracts:InstanceUp", false)]
    [InlineData("requests.events", "urn:message:Workspaces.Contracts:InstanceUp", false)]
    [InlineData("", "urn:message:Workspaces.Contracts:InstanceUp", true)]
    public void Fits_ExchangeAndClaimedType_OnlyWhenTheyAreTheSame(string exchange, string urn, bool fits) =>
        Assert.Equal(fits, OriginFilter.Fits(exchange, [urn, "urn:message:Workspaces.Contracts:IWorkspaceEvent"]));

    [Fact]
    public void Fits_SecondClaimedType_IsCheckedToo() => Assert.False(OriginFilter.Fits(
        "Workspaces.Contracts:SessionOpened",
        ["urn:message:Workspaces.Contracts:SessionOpened", "urn:message:Workspaces.Contracts:InstanceUp"]));
}
