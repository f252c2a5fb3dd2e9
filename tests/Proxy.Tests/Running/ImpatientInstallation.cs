namespace Workspaces.Proxy.Tests.Running;

/// <summary>An installation that keeps an address away after three failures, for longer than any test takes.</summary>
public sealed class ImpatientInstallation : Installation
{
    private protected override IEnumerable<(string Name, string Value)> Settings =>
        [("Proxy__Ssh__FailuresPerAddress", "3"), ("Proxy__Ssh__FailureRecovery", "01:00:00")];
}
