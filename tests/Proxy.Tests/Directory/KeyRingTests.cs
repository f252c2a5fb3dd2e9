using System.Buffers.Binary;
using System.Text;
using Workspaces.Proxy.Directory;
using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Ssh.Keys;
using Xunit;

namespace Workspaces.Proxy.Tests.Directory;

public sealed class KeyRingTests
{
    private readonly KeyRing _keys = new(new ChangeSignal());

    [Fact]
    public void Apply_OlderVersionAfterANewer_GivesNoKeyBack()
    {
        _keys.Apply(Facts.Keys("alice", 1, Line("a")), 1);
        _keys.Apply(Facts.Keys("alice", 2), 1);
        _keys.Apply(Facts.Keys("alice", 1, Line("a")), 1);

        Assert.Null(_keys.UserOf(Fingerprint("a")));
        Assert.Equal(0, _keys.UserCount);
    }

    [Fact]
    public void Apply_KeyThatTwoUsersClaim_BelongsToNobodyUntilOneLetsGo()
    {
        _keys.Apply(Facts.Keys("alice", 1, Line("a")), 1);
        _keys.Apply(Facts.Keys("mallory", 1, Line("a"), Line("m")), 1);

        Assert.Null(_keys.UserOf(Fingerprint("a")));
        Assert.Equal("mallory", _keys.UserOf(Fingerprint("m")));

        _keys.Apply(Facts.Keys("mallory", 2, Line("m")), 1);
        Assert.Equal("alice", _keys.UserOf(Fingerprint("a")));
    }

    [Fact]
    public void ApplySnapshot_WithoutAUser_EndsTheirKeysButNotThoseOfNewerEvents()
    {
        _keys.Apply(Facts.Keys("gone", 1, Line("g")), seen: 1);
        _keys.Apply(Facts.Keys("new", 1, Line("n")), seen: 5);

        _keys.Apply(Facts.Snapshot(new DirectoryUser("alice", 3, [Line("a")])), seen: 4);

        Assert.Null(_keys.UserOf(Fingerprint("g")));
        Assert.Equal("new", _keys.UserOf(Fingerprint("n")));
        Assert.Equal("alice", _keys.UserOf(Fingerprint("a")));
    }

    [Fact]
    public void ApplySnapshot_OlderThanAnEvent_LosesAgainstIt()
    {
        _keys.Apply(Facts.Keys("alice", 4, Line("new")), seen: 5);
        _keys.Apply(Facts.Snapshot(new DirectoryUser("alice", 3, [Line("old")])), seen: 6);

        Assert.Null(_keys.UserOf(Fingerprint("old")));
        Assert.Equal("alice", _keys.UserOf(Fingerprint("new")));
    }

    [Fact]
    public void ApplySnapshot_WithAUserThatWasAbsentFromOneBefore_TakesThemBack()
    {
        var with = Facts.Snapshot(new DirectoryUser("alice", 3, [Line("a")]));
        _keys.Apply(with, seen: 1);
        _keys.Apply(Facts.Snapshot(), seen: 2);
        Assert.Null(_keys.UserOf(Fingerprint("a")));

        _keys.Apply(Facts.Keys("alice", 3, Line("a")), seen: 3);
        Assert.Null(_keys.UserOf(Fingerprint("a")));

        _keys.Apply(with, seen: 4);
        Assert.Equal("alice", _keys.UserOf(Fingerprint("a")));
    }

    [Fact]
    public void Apply_LinesThatAreNoKeys_AreReportedAndTheOthersCount()
    {
        string[] bad = ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa " + Line("a").Split(' ')[1], "ssh-ed25519 AAAA"];

        var unreadable = _keys.Apply(Facts.Keys("alice", 1, [Line("a"), .. bad]), 1);

        Assert.Equal(bad.Length, unreadable.Count);
        Assert.Equal("alice", _keys.UserOf(Fingerprint("a")));
    }

    private static string Line(string name) => "ssh-ed25519 " + Convert.ToBase64String(Blob(name)) + " comment";

    private static string Fingerprint(string name) => SshPublicKey.Parse(Blob(name)).Fingerprint;

    private static byte[] Blob(string name)
    {
        var type = "ssh-ed25519"u8;
        var key = Encoding.ASCII.GetBytes(name.PadRight(32));
        var blob = new byte[4 + type.Length + 4 + key.Length];
        BinaryPrimitives.WriteInt32BigEndian(blob, type.Length);
        type.CopyTo(blob.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(4 + type.Length), key.Length);
        key.CopyTo(blob, 8 + type.Length);
        return blob;
    }
}
