using Workspaces.Contracts;
using Workspaces.Requests.Users.Keys;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Requests.Users;

/// <summary>Decides what happens to a user. Pure; an empty list means that nothing has to change.</summary>
public static class UserDecider
{
    /// <summary>The user shall be known like this.</summary>
    public static IReadOnlyList<object> Save(User? user, UserProfile profile, string requestedBy, DateTimeOffset now) =>
        user is not null && user.Profile.SameAs(profile)
            ? []
            : [new UserSaved { OccurredAt = now, RequestedBy = requestedBy, Profile = profile }];

    /// <summary>The user shall have this key.</summary>
    public static IReadOnlyList<object> AddKey(User user, SshPublicKey key, string requestedBy, DateTimeOffset now) =>
        user.Keys.Any(known => known.Fingerprint == key.Fingerprint)
            ? []
            :
            [
                new SshKeyAdded
                {
                    OccurredAt = now,
                    RequestedBy = requestedBy,
                    Fingerprint = key.Fingerprint,
                    Type = key.Type,
                    Line = key.Line,
                    Comment = key.Comment,
                },
                Changed(user, [.. user.Keys.Select(known => known.Line), key.Line], now),
            ];

    /// <summary>The user shall not have this key any more.</summary>
    public static IReadOnlyList<object> RemoveKey(User user, string fingerprint, string requestedBy, DateTimeOffset now) =>
        user.Keys.All(known => known.Fingerprint != fingerprint)
            ? []
            :
            [
                new SshKeyRemoved { OccurredAt = now, RequestedBy = requestedBy, Fingerprint = fingerprint },
                Changed(user, [.. user.Keys.Where(known => known.Fingerprint != fingerprint).Select(known => known.Line)], now),
            ];

    private static UserKeysChanged Changed(User user, IReadOnlyList<string> keys, DateTimeOffset now)
    {
        var version = user.KeysVersion + 1;
        return new UserKeysChanged
        {
            EventId = EventId.For<UserKeysChanged>($"{user.Profile.Name}/{version}"),
            OccurredAt = now,
            User = user.Profile.Name,
            Version = version,
            Keys = keys,
        };
    }
}
