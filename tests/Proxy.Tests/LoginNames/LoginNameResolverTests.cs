using Workspaces.Contracts;
using Workspaces.Proxy.LoginNames;
using Xunit;

namespace Workspaces.Proxy.Tests.LoginNames;

public sealed class LoginNameResolverTests
{
    private readonly LoginNameResolver _resolver = new(defaultBlueprint: "dev", defaultWorkloadBlueprint: "debug");

    [Theory]
    [InlineData("payments-debug", "payments-debug", null)]
    [InlineData("alice~ws=payments-debug", "payments-debug", null)]
    [InlineData("alice", "alice-dev", "dev")]
    [InlineData("alice~dev", "alice-dev", "dev")]
    [InlineData("alice~rust", "alice-rust", "rust")]
    [InlineData("alice~rust,ws=mine", "mine", "rust")]
    [InlineData("alice~replica=0", "alice-dev", "dev")]
    public void Resolve_StandaloneLogin_NamesTheWorkspaceAndHowToMakeIt(string login, string workspace, string? blueprint)
    {
        var wish = Resolve(login, "alice");

        Assert.Equal("alice", wish!.Owner);
        Assert.Equal(workspace, wish.Workspace);
        Assert.Equal(blueprint, wish.Recipe?.Blueprint);
        Assert.Null(wish.Recipe?.Target);
    }

    [Fact]
    public void Resolve_LoginWithAWorkload_NamesTheTarget()
    {
        var wish = Resolve("alice~workload=deployment.payments,ns=shop,mode=live,replica=x2k4q", "alice")!;

        var target = new WorkspaceTarget { Kind = "Deployment", Namespace = "shop", Name = "payments", Mode = InjectionMode.Live };
        Assert.Equal(new WorkspaceRecipe("debug", target), wish.Recipe);
        Assert.StartsWith("alice-debug-payments-", wish.Workspace, StringComparison.Ordinal);
        Assert.Equal("x2k4q", wish.Replica?.Text);
    }

    [Theory]
    [InlineData("bob")]
    [InlineData("bob~dev")]
    [InlineData("bob~ws=payments-debug")]
    public void Resolve_LoginWithAnotherUser_NamesNothingOfTheirs(string login) =>
        Assert.Equal(login == "bob" ? "bob" : null, Resolve(login, "alice")?.Workspace); // a bare name is looked for among alice's own

    [Fact]
    public void Resolve_DifferentTargets_NeverShareAWorkspace()
    {
        string[] logins =
        [
            "alice~debug,workload=deployment.payments,ns=shop",
            "alice~debug,workload=deployment.payments,ns=prod",
            "alice~debug,workload=statefulset.payments,ns=shop",
            "alice~debug,workload=deployment.payments,ns=shop,mode=live",
            "alice~other,workload=deployment.payments,ns=shop",
        ];

        Assert.Equal(logins.Length, logins.Select(login => Resolve(login, "alice")!.Workspace).Distinct().Count());
    }

    [Fact]
    public void Resolve_AnyLogin_MeansTheSameWorkspaceEachTimeAndItsNameIsALabel()
    {
        var random = new Random(97);
        for (var i = 0; i < 20_000; i++)
        {
            var login = RandomLogin.Next(random);
            var user = login is UserLogin named ? named.User : RandomLogin.Label(random);

            var first = _resolver.Resolve(login, user);
            var again = new LoginNameResolver("dev", "debug").Resolve(LoginNameParser.Parse(login.ToString()!).Name!, user);

            Assert.Equal(first, again);
            Assert.True(DnsLabel.IsValid(first!.Workspace), first.Workspace);
        }
    }

    [Fact]
    public void Resolve_NamesThatTogetherAreTooLong_StayDifferent()
    {
        var user = new string('u', 40);
        var one = Resolve($"{user}~{new string('b', 39)}x", user)!.Workspace;
        var other = Resolve($"{user}~{new string('b', 39)}y", user)!.Workspace;

        Assert.NotEqual(one, other);
        Assert.True(DnsLabel.IsValid(one));
    }

    private WorkspaceWish? Resolve(string login, string user) => _resolver.Resolve(LoginNameParser.Parse(login).Name!, user);
}
