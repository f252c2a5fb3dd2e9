using Workspaces.Contracts;
using Workspaces.Proxy.Policy;
using Workspaces.Proxy.Relaying;
using Workspaces.Proxy.Routing;
using Xunit;

namespace Workspaces.Proxy.Tests.Policy;

public sealed class SessionPoliciesTests
{
    [Fact]
    public void For_AStandaloneWorkspaceWithoutRules_AllowsAll() =>
        Assert.Equal(RelayPolicy.AllowAll, For(WorkspaceModel.Standalone, []));

    [Fact]
    public void For_AnInjectedWorkspaceWithoutRules_HidesAgentAndDisplay() =>
        Assert.Equal(new RelayPolicy { AgentForward = false, X11 = false }, For(WorkspaceModel.Injection, []));

    [Fact]
    public void For_SeveralRules_LetsTheLaterWin()
    {
        var policy = For(
            WorkspaceModel.Injection,
            [
                new PolicyRule { Targets = ["shop/*"], Deny = [SessionUse.Exec, SessionUse.Shell, SessionUse.Sftp] },
                new PolicyRule { Users = ["alice"], Allow = [SessionUse.Shell, SessionUse.AgentForward] },
                new PolicyRule { Users = ["bob"], Allow = [SessionUse.Exec] },
            ]);

        Assert.Equal(new RelayPolicy { Exec = false, Sftp = false, X11 = false }, policy);
    }

    [Theory]
    [InlineData("alice", "dev", "shop/deployment.payments", true)]
    [InlineData("alice", "dev", "shop/Deployment.payments", true)]
    [InlineData("alice", "dev", "shop/*", true)]
    [InlineData("alice", "dev", "other/*", false)]
    [InlineData("alice", "dev", "shop/statefulset.payments", false)]
    [InlineData("bob", "dev", "shop/*", false)]
    [InlineData("alice", "debug", "shop/*", false)]
    public void For_ARule_AppliesWhereAllThatItNamesFits(string user, string blueprint, string target, bool applies)
    {
        var rule = new PolicyRule { Users = [user], Blueprints = [blueprint], Targets = [target], Deny = [SessionUse.Exec] };

        Assert.Equal(!applies, For(WorkspaceModel.Injection, [rule]).Exec);
    }

    [Fact]
    public void For_ATargetOfAStandaloneWorkspace_DoesNotApply() =>
        Assert.True(For(WorkspaceModel.Standalone, [new PolicyRule { Targets = ["shop/*"], Deny = [SessionUse.Exec] }]).Exec);

    [Theory]
    [InlineData("payments")]
    [InlineData("shop/payments")]
    [InlineData("a/b/c.d")]
    public void Rules_WithATargetThatMeansNothing_AreRefused(string target) => Assert.Throws<ProxyConfigurationException>(() =>
        new SessionPolicies([new PolicyRule { Targets = [target], Deny = [SessionUse.Exec] }]));

    [Fact]
    public void Rules_ThatSayNothing_AreRefused() =>
        Assert.Throws<ProxyConfigurationException>(() => new SessionPolicies([new PolicyRule { Users = ["alice"] }]));

    private static RelayPolicy For(WorkspaceModel model, IEnumerable<PolicyRule> rules)
    {
        var identity = new WorkspaceIdentity("w1", "payments-debug", "alice", "dev", model, Facts.Time(0));
        var up = Facts.Up("w1", 'a') with
        {
            Pod = new PodReference("shop", "payments-1", "uid", "127.0.0.1", "node-1"),
            Workload = new WorkloadReference("Deployment", "payments", "uid"),
        };
        return new SessionPolicies(rules).For("alice", new Workspace(identity, WorkspaceStatus.Unknown), new InstanceRoute(up));
    }
}
