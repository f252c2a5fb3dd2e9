using JasperFx.Events;
using Marten.Events.Aggregation;
using Workspaces.Contracts;

namespace Workspaces.Requests.Users;

/// <summary>Keeps one <see cref="User"/> document per stream, in the transaction that appends.</summary>
public sealed class UserProjection : SingleStreamProjection<User, string>
{
    /// <inheritdoc/>
    public override User? Evolve(User? snapshot, string id, IEvent e) => Apply(snapshot, id, e.Data);

    /// <summary>State after an event.</summary>
    public static User? Apply(User? before, string id, object happened) => (before, happened) switch
    {
        (null, UserSaved saved) => new User { Id = id, Profile = saved.Profile },
        (null, _) => null,
        (_, UserSaved saved) => before with { Profile = saved.Profile },
        (_, SshKeyAdded added) => before with
        {
            Keys = [.. before.Keys, new UserKey(added.Fingerprint, added.Type, added.Line, added.Comment, added.OccurredAt)],
        },
        (_, SshKeyRemoved removed) => before with { Keys = [.. before.Keys.Where(key => key.Fingerprint != removed.Fingerprint)] },
        (_, UserKeysChanged changed) => before with { KeysVersion = changed.Version },
        _ => before,
    };
}
