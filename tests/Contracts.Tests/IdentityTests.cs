using Xunit;

namespace Workspaces.Contracts.Tests;

public sealed class IdentityTests
{
    [Fact]
    public void EventId_OfTheSameFact_IsTheSame()
    {
        Assert.Equal(
            EventId.For<InstanceUp>("k7f3q2m", 2, "a"),
            EventId.For<InstanceUp>("k7f3q2m", 2, "a"));
    }

    [Fact]
    public void EventId_OfAnotherTypeWorkspaceGenerationOrDistinction_Differs()
    {
        Guid[] ids =
        [
            EventId.For<InstanceUp>("k7f3q2m", 2, "a"),
            EventId.For<InstanceDown>("k7f3q2m", 2, "a"),
            EventId.For<InstanceUp>("k7f3q2n", 2, "a"),
            EventId.For<InstanceUp>("k7f3q2m", 3, "a"),
            EventId.For<InstanceUp>("k7f3q2m", 2, "b"),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void EventId_IsAnRfc9562Version5Uuid()
    {
        var id = EventId.For<WorkspaceReady>("k7f3q2m", 1);

        Assert.Equal(5, id.Version);
        Assert.InRange(id.Variant, 0x8, 0xB);
    }

    [Fact]
    public void Uuid5_OfTheDnsNamespaceAndExampleName_IsTheOneOfTheRfc()
    {
        // RFC 9562 appendix A.4: the DNS namespace and the name www.example.com.
        var dns = new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), Uuid5.Create(dns, "www.example.com"));
    }

    [Fact]
    public void WorkspaceId_New_IsValidAndDifferentEachTime()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => WorkspaceId.New()).ToList();

        Assert.All(ids, id => Assert.True(WorkspaceId.IsValid(id), id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("7abc")]
    [InlineData("Abc")]
    [InlineData("abc1")]
    [InlineData("abcdefghijk")]
    public void WorkspaceId_OfAnotherForm_IsNotValid(string? value) => Assert.False(WorkspaceId.IsValid(value));

    [Theory]
    [InlineData("a", true)]
    [InlineData("payments-debug", true)]
    [InlineData("0a", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a.b", false)]
    [InlineData("A", false)]
    public void DnsLabel_IsValid_FollowsRfc1123(string value, bool valid) => Assert.Equal(valid, DnsLabel.IsValid(value));

    [Fact]
    public void DnsLabel_LongerThan63_IsNotValid() => Assert.False(DnsLabel.IsValid(new string('a', 64)));
}
