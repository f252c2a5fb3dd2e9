using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>
/// Failed logins in the audit trail. With a Proxy of its own: only the first failure from an address is recorded at once, and all
/// of these come from the same.
/// </summary>
public sealed class FailedLoginTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Login_WithAKeyThatNobodyHas_IsDeniedAndRecorded()
    {
        var run = await installation.Proxy.SshAsync(installation.Key("mallory"), "mallorys-attempt", "true");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Permission denied (publickey)", run.Error, StringComparison.Ordinal);
        await installation.Bus.SeenAsync<AuthenticationFailed>(failed =>
            failed is { Reason: AuthenticationFailureReason.UnknownKey, ClientAddress: "127.0.0.1", AttemptedLogin: "mallorys-attempt" });
    }
}
