using System.Text.RegularExpressions;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>What ssh-audit, as Debian packages it, has to say about the Proxy with its default algorithms.</summary>
public sealed partial class SshAuditTests(Installation installation) : IClassFixture<Installation>
{
    /// <summary>Warnings that are known, and why each is none here. Anything else fails the test.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["mlkem768x25519-sha256"] = "the packaged version is older than this method and warns of what it does not know",
        ["kex-strict-s-v00@openssh.com"] = "a signal and no method, against prefix truncation; the packaged version is older",
        ["hmac-sha2-256"] = "encrypt-and-MAC is offered last, for clients that know nothing better (libssh2 before 1.11)",
        ["hmac-sha2-512"] = "the same",
    };

    [Fact]
    public async Task Audit_OfTheDefaultConfiguration_HasNoFailureAndOnlyKnownWarnings()
    {
        var run = await ProgramRun.RunAsync(
            StockProgram.Find("ssh-audit", "ssh-audit"), ["-n", "-p", $"{installation.Proxy.SshPort}", "127.0.0.1"], timeout: TimeSpan.FromSeconds(90));

        Assert.Contains("(kex) curve25519-sha256", run.Output, StringComparison.Ordinal);
        Assert.Contains("(enc) aes128-gcm@openssh.com", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[fail]", run.Output, StringComparison.Ordinal);
        var warned = WarnedAlgorithm().Matches(run.Output).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Empty(warned.Except(Known.Keys));
    }

    /// <summary>Lines like <c>(mac) hmac-sha2-256  -- [warn] using ...</c>, and those that continue them.</summary>
    [GeneratedRegex(@"^\((?:kex|key|enc|mac)\) (\S+)[^\n]*(?:\n +[^\n]*)*?\[warn\]", RegexOptions.Multiline)]
    private static partial Regex WarnedAlgorithm();
}
