using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Workspaces.Requests.Tests.Running;
using Workspaces.Requests.Users.Keys;

namespace Workspaces.Requests.Tests.Users;

/// <summary>Public keys: those of ssh-keygen are taken, and every other line gets a sentence that says why not.</summary>
public sealed class SshPublicKeyParserTests
{
    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "-b 256")]
    [InlineData("ecdsa", "-b 384")]
    [InlineData("ecdsa", "-b 521")]
    [InlineData("rsa", "-b 2048")]
    public async Task Parse_OfAKeyFromSshKeygen_HasItsFingerprint(string type, string options)
    {
        var (line, listing) = await GenerateAsync(type, options);

        var key = SshPublicKeyParser.Parse(line, out var error);

        Assert.Equal("", error);
        Assert.Equal(listing.Split(' ')[1], key!.Fingerprint);
        Assert.Equal("somebody@laptop", key.Comment);
        Assert.Equal(string.Join(' ', line.Split(' ')[..2]), key.Line);
    }

    [Fact]
    public async Task Parse_OfAShortRsaKey_SaysHowShort()
    {
        var (line, _) = await GenerateAsync("rsa", "-b 1024");

        Assert.Null(SshPublicKeyParser.Parse(line, out var error));
        Assert.Contains("1024 bits", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfSecurityKeys_TakesThem()
    {
        var ed25519 = Line("sk-ssh-ed25519@openssh.com", new byte[32], "ssh:"u8.ToArray());

        Assert.Equal("sk-ssh-ed25519@openssh.com", SshPublicKeyParser.Parse(ed25519, out _)!.Type);
        Assert.Null(SshPublicKeyParser.Parse(Line("sk-ssh-ed25519@openssh.com", new byte[32]), out _));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("hello", "does not begin with a known key type")]
    [InlineData("ssh-ed25519", "only a key type")]
    [InlineData("ssh-ed25519 !!!!", "not base64")]
    [InlineData("ssh-ed25519 AAAA", "damaged")]
    [InlineData("ssh-dss AAAAB3NzaC1kc3MAAACBAP", "DSA")]
    [InlineData("# a comment", "comment")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", "private key")]
    [InlineData("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate")]
    [InlineData("command=\"ls\" " + TestKeys.AliceSshKey, "Options in front of the key")]
    [InlineData("from=\"10.0.0.0/8\",no-pty " + TestKeys.AliceSshKey, "Options in front of the key")]
    [InlineData(TestKeys.AliceSshKey + "\n" + TestKeys.AliceSshKey, "one key at a time")]
    public void Parse_OfABadLine_SaysWhy(string line, string why)
    {
        Assert.Null(SshPublicKeyParser.Parse(line, out var error));
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfABlobOfAnotherType_SaysWhich()
    {
        var blob = TestKeys.AliceSshKey.Split(' ')[1];

        Assert.Null(SshPublicKeyParser.Parse($"ssh-rsa {blob}", out var error));
        Assert.Contains("of type 'ssh-ed25519'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAPointThatIsNotOnTheCurve_IsRefused()
    {
        var point = new byte[65];
        point[0] = 4;
        point[64] = 1;

        Assert.Null(SshPublicKeyParser.Parse(Line("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), point), out var error));
        Assert.Contains("damaged", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnyPrefixOfAKey_NeverThrows()
    {
        var line = TestKeys.AliceSshKey.Split(' ')[1];
        for (var length = 0; length < line.Length; length++)
        {
            Assert.Null(SshPublicKeyParser.Parse($"ssh-ed25519 {line[..length]}", out var error));
            Assert.NotEmpty(error);
        }
    }

    private static string Line(string type, params byte[][] fields)
    {
        using var blob = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields.Prepend(Encoding.ASCII.GetBytes(type)))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            blob.Write(length);
            blob.Write(field);
        }

        return $"{type} {Convert.ToBase64String(blob.ToArray())}";
    }

    private static async Task<(string Line, string Listing)> GenerateAsync(string type, string options)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("workspaces-keys-").FullName;
        try
        {
            var file = Path.Combine(folder, "key");
            await RunAsync(["-q", "-t", type, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-N", "", "-C", "somebody@laptop", "-f", file]);
            return (await File.ReadAllTextAsync(file + ".pub"), await RunAsync(["-l", "-f", file + ".pub"]));
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
