using Workspaces.Ssh.Keys;
using Xunit;

namespace Workspaces.Ssh.Tests.Keys;

public sealed class AuthorizedKeyTests
{
    private static readonly SshPublicKey Key = SshPrivateKey.GenerateEd25519().PublicKey;

    [Fact]
    public void Parse_OfAPlainLine_HasKeyAndComment()
    {
        var entry = AuthorizedKey.Parse($"  {Key} alice@laptop with blanks \n");

        Assert.Equal((Key, "alice@laptop with blanks"), (entry.Key, entry.Comment));
        Assert.Empty(entry.Options);
    }

    [Fact]
    public void Parse_WithOptions_ReadsQuotesBlanksAndCommas()
    {
        var entry = AuthorizedKey.Parse($"no-touch-required,command=\"echo \\\"a, b\\\"\",From=\"10.0.0.0/8\" {Key}");

        Assert.Null(entry.Options["no-touch-required"]);
        Assert.Equal("echo \"a, b\"", entry.Options["command"]);
        Assert.Equal("10.0.0.0/8", entry.Options["from"]);
        Assert.Equal(Key, entry.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("ssh-ed25519")]
    [InlineData("ssh-ed25519 !!!!")]
    [InlineData("ssh-ed25519 AAAA")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3MAAAAA")]
    [InlineData("command=\"unfinished ssh-ed25519 AAAA")]
    [InlineData("command=unquoted ssh-ed25519 AAAA")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----")]
    public void Parse_OfSomethingElse_SaysWhatIsWrong(string line) => Assert.Throws<SshFormatException>(() => AuthorizedKey.Parse(line));

    [Fact]
    public void Parse_WhereTypeAndKeyDiffer_IsRefused()
    {
        var line = Key.ToString().Replace("ssh-ed25519", "ssh-rsa", StringComparison.Ordinal);

        Assert.Contains("holds a key of type", Assert.Throws<SshFormatException>(() => AuthorizedKey.Parse(line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAShortRsaKey_IsRefused()
    {
        using var weak = System.Security.Cryptography.RSA.Create(1024);
        var writer = new Ssh.Wire.SshWriter();
        writer.WriteString("ssh-rsa");
        writer.WriteMpint(weak.ExportParameters(false).Exponent);
        writer.WriteMpint(weak.ExportParameters(false).Modulus);

        var failure = Assert.Throws<SshFormatException>(() => SshPublicKey.Parse(writer.WrittenSpan));

        Assert.Contains("1024", failure.Message, StringComparison.Ordinal);
    }
}
