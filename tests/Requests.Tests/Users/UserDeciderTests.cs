using Workspaces.Contracts;
using Workspaces.Requests.Tests.Running;
using Workspaces.Requests.Users;
using Workspaces.Requests.Users.Keys;

namespace Workspaces.Requests.Tests.Users;

/// <summary>Users: every change of keys is announced once, with the whole new set and the next version.</summary>
public sealed class UserDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SshPublicKey Key = SshPublicKeyParser.Parse(TestKeys.AliceSshKey, out _)!;
    private static readonly UserProfile Profile = new() { Name = "alice", Uid = 1501, Gid = 1500, Groups = ["a", "b"] };

    [Fact]
    public void AddKey_OfANewKey_AnnouncesTheWholeSet()
    {
        var events = UserDecider.AddKey(Alice(), Key, "alice", Now);

        Assert.IsType<SshKeyAdded>(events[0]);
        var changed = Assert.IsType<UserKeysChanged>(events[1]);
        Assert.Equal((1, "alice"), (changed.Version, changed.User));
        Assert.Equal([Key.Line], changed.Keys);
    }

    [Fact]
    public void RemoveKey_OfTheLastKey_AnnouncesNone()
    {
        var alice = Then(Alice(), UserDecider.AddKey(Alice(), Key, "alice", Now));

        var events = UserDecider.RemoveKey(alice, Key.Fingerprint, "alice", Now);

        var changed = Assert.IsType<UserKeysChanged>(events[1]);
        Assert.Equal(2, changed.Version);
        Assert.Empty(changed.Keys);
        Assert.Empty(Then(alice, events).Keys);
    }

    [Fact]
    public void Commands_ThatAskForWhatIsSo_ChangeNothing()
    {
        var alice = Then(Alice(), UserDecider.AddKey(Alice(), Key, "alice", Now));

        Assert.Empty(UserDecider.AddKey(alice, Key, "alice", Now));
        Assert.Empty(UserDecider.RemoveKey(Alice(), Key.Fingerprint, "alice", Now));
        Assert.Empty(UserDecider.Save(alice, Profile with { Groups = ["a", "b"] }, "admin", Now));
        Assert.Single(UserDecider.Save(alice, Profile with { Groups = ["b"] }, "admin", Now));
    }

    [Theory]
    [InlineData("alice", true)]
    [InlineData("a-1", true)]
    [InlineData("1a", false)]
    [InlineData("Alice", false)]
    [InlineData("a.b", false)]
    [InlineData("a-", false)]
    [InlineData("", false)]
    [InlineData("a23456789012345678901234567890123", false)]
    public void IsName_OfAText_FollowsTheRules(string name, bool good) => Assert.Equal(good, UserRules.IsName(name));

    private static User Alice() => Then(null, UserDecider.Save(null, Profile, "admin", Now));

    private static User Then(User? user, IReadOnlyList<object> events) =>
        events.Aggregate(user, (state, happened) => UserProjection.Apply(state, "user-alice", happened))!;
}
