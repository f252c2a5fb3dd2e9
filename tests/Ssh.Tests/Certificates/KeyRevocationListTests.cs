using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.Certificates;

/// <summary>Revocation lists as ssh-keygen makes them.</summary>
public sealed class KeyRevocationListTests : IDisposable
{
    private static readonly SshPrivateKey Authority = SshPrivateKey.GenerateEd25519();
    private static readonly SshPrivateKey Other = SshPrivateKey.GenerateEd25519();

    private readonly string _folder = Directory.CreateTempSubdirectory("krl-").FullName;
    private readonly SshPrivateKey _key = SshPrivateKey.GenerateEd25519();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("serial: 7", 7, true)]
    [InlineData("serial: 7", 8, false)]
    [InlineData("serial: 10-20", 10, true)]
    [InlineData("serial: 10-20", 20, true)]
    [InlineData("serial: 10-20", 21, false)]
    [InlineData("serial: 1\nserial: 3\nserial: 5\nserial: 8\nserial: 9\nserial: 13\nserial: 200", 8, true)]
    [InlineData("serial: 1\nserial: 3\nserial: 5\nserial: 8\nserial: 9\nserial: 13\nserial: 200", 200, true)]
    [InlineData("serial: 1\nserial: 3\nserial: 5\nserial: 8\nserial: 9\nserial: 13\nserial: 200", 12, false)]
    [InlineData("id: laptop", 1, true)]
    [InlineData("id: desktop", 1, false)]
    public async Task IsRevoked_ByWhatTheListSaysOfCertificates_IsWhatSshKeygenMeans(string lines, ulong serial, bool expected)
    {
        var list = await MakeAsync(lines, Authority);

        Assert.Equal(expected, list.IsRevoked(_key.PublicKey, Certificate(Authority, serial)));
        Assert.False(list.IsRevoked(_key.PublicKey, Certificate(Other, serial)));
        Assert.False(list.IsRevoked(_key.PublicKey, certificate: null));
    }

    [Theory]
    [InlineData("key: ")]
    [InlineData("sha1: ")]
    [InlineData("sha256: ")]
    public async Task IsRevoked_ByKey_IsItsCertificatesTooAndThoseItSigned(string form)
    {
        var list = await MakeAsync(form + _key.PublicKey, authority: null);

        Assert.True(list.IsRevoked(_key.PublicKey, certificate: null));
        Assert.True(list.IsRevoked(_key.PublicKey, Certificate(Authority, 1)));
        Assert.True(list.IsRevoked(Other.PublicKey, new SshCertificateBuilder
        {
            Key = Other.PublicKey,
            KeyId = "laptop",
            Principals = ["alice"],
            ValidAfter = DateTimeOffset.UnixEpoch,
            ValidBefore = DateTimeOffset.MaxValue,
        }.Sign(_key)));
        Assert.False(list.IsRevoked(Other.PublicKey, Certificate(Authority, 1, Other)));
    }

    [Fact]
    public void IsRevoked_ByATextOfKeys_IsEachLine()
    {
        var list = KeyRevocationList.Parse(System.Text.Encoding.UTF8.GetBytes($"# gone\n{_key.PublicKey} alice@old\n\n{Authority.PublicKey}\n"));

        Assert.True(list.IsRevoked(_key.PublicKey, certificate: null));
        Assert.True(list.IsRevoked(Other.PublicKey, Certificate(Authority, 1, Other)));
        Assert.False(list.IsRevoked(Other.PublicKey, certificate: null));
    }

    [Fact]
    public void Parse_OfWhatIsNotUnderstood_Refuses()
    {
        // A list that were read in part would accept what it revokes.
        Assert.Throws<SshFormatException>(() => KeyRevocationList.Parse("not a key"u8));
        Assert.Throws<SshFormatException>(() => KeyRevocationList.Parse(Binary(99, [])));
        Assert.Throws<SshFormatException>(() => KeyRevocationList.Parse(Binary(5, [0, 0, 0, 1, 1])));
        Assert.Throws<SshFormatException>(() => KeyRevocationList.Parse(Binary(255, Extension(critical: true))));
        Assert.False(KeyRevocationList.Parse(Binary(255, Extension(critical: false))).IsRevoked(_key.PublicKey, null));
    }

    private static byte[] Extension(bool critical)
    {
        var extension = new SshWriter();
        extension.WriteString("future@example.com");
        extension.WriteBoolean(critical);
        extension.WriteString("");
        return extension.ToArray();
    }

    /// <summary>A list with one section, by the layout of PROTOCOL.krl.</summary>
    private static byte[] Binary(byte section, byte[] data)
    {
        var list = new SshWriter();
        list.WriteRaw("SSHKRL\n\0"u8);
        list.WriteUInt32(1);
        list.WriteUInt64(1);
        list.WriteUInt64(0);
        list.WriteUInt64(0);
        list.WriteString("");
        list.WriteString("a comment");
        list.WriteByte(section);
        list.WriteString(data);
        return list.ToArray();
    }

    private SshCertificate Certificate(SshPrivateKey authority, ulong serial, SshPrivateKey? key = null) => new SshCertificateBuilder
    {
        Key = (key ?? _key).PublicKey,
        KeyId = "laptop",
        Serial = serial,
        Principals = ["alice"],
        ValidAfter = DateTimeOffset.UnixEpoch,
        ValidBefore = DateTimeOffset.MaxValue,
    }.Sign(authority);

    private async Task<KeyRevocationList> MakeAsync(string lines, SshPrivateKey? authority)
    {
        var (specification, file) = (Path.Combine(_folder, "spec"), Path.Combine(_folder, "krl"));
        await File.WriteAllTextAsync(specification, lines + "\n");
        string[] by = [];
        if (authority is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "ca.pub"), authority.PublicKey + "\n");
            by = ["-s", Path.Combine(_folder, "ca.pub")];
        }

        await StockSshd.KeygenAsync(["-q", "-k", "-f", file, .. by, specification]);
        return KeyRevocationList.Parse(await File.ReadAllBytesAsync(file));
    }
}
