using JasperFx.Events;
using Marten;
using Workspaces.Requests.Storage;
using Workspaces.Requests.Users.Keys;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Users;

/// <summary>Streams of users: loads, lets the decider decide, appends.</summary>
public sealed class UserStore(IDocumentStore store, TimeProvider clock)
{
    /// <summary>A user by name.</summary>
    public async Task<User?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<User>(User.StreamOf(name), cancellationToken);
    }

    /// <summary>All users.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<User>().OrderBy(user => user.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Makes or changes a user. The user is null where a workspace has the name.</summary>
    public async Task<(User? User, bool Created)> SaveAsync(UserProfile profile, string requestedBy, CancellationToken cancellationToken)
    {
        var id = User.StreamOf(profile.Name);
        await using var session = store.WritingSession();
        var stream = await session.Events.FetchForExclusiveWriting<User>(id, cancellationToken);
        var events = UserDecider.Save(stream.Aggregate, profile, requestedBy, clock.GetUtcNow());
        if (stream.Aggregate is null)
        {
            if (await session.LoadAsync<NameReservation>(profile.Name, cancellationToken) is not null)
            {
                return (null, false);
            }

            session.Insert(new NameReservation { Id = profile.Name });
        }

        try
        {
            return (await AppendAsync(session, stream, events, cancellationToken), stream.Aggregate is null);
        }
        catch (Exception exception) when (AlreadyThere.TypesIn(exception) is { Count: > 0 })
        {
            return (null, false);
        }
    }

    /// <summary>Adds a key to an existing user.</summary>
    public async Task<(User User, KeyAddition Outcome)> AddKeyAsync(string name, SshPublicKey key, string requestedBy, CancellationToken cancellationToken)
    {
        await using var session = store.WritingSession();
        var stream = await session.Events.FetchForExclusiveWriting<User>(User.StreamOf(name), cancellationToken);
        var user = Existing(stream.Aggregate, name);
        var events = UserDecider.AddKey(user, key, requestedBy, clock.GetUtcNow());
        if (events.Count == 0)
        {
            return (user, KeyAddition.WasThere);
        }

        if (await session.LoadAsync<KeyReservation>(key.Fingerprint, cancellationToken) is not null)
        {
            return (user, KeyAddition.Others);
        }

        session.Insert(new KeyReservation(key.Fingerprint, name));
        try
        {
            return (await AppendAsync(session, stream, events, cancellationToken), KeyAddition.Added);
        }
        catch (Exception exception) when (AlreadyThere.TypesIn(exception) is { Count: > 0 })
        {
            return (user, KeyAddition.Others);
        }
    }

    /// <summary>Takes a key from an existing user; false where they have no such key.</summary>
    public async Task<bool> RemoveKeyAsync(string name, string fingerprint, string requestedBy, CancellationToken cancellationToken)
    {
        await using var session = store.WritingSession();
        var stream = await session.Events.FetchForExclusiveWriting<User>(User.StreamOf(name), cancellationToken);
        var events = UserDecider.RemoveKey(Existing(stream.Aggregate, name), fingerprint, requestedBy, clock.GetUtcNow());
        if (events.Count == 0)
        {
            return false;
        }

        session.Delete<KeyReservation>(fingerprint);
        await AppendAsync(session, stream, events, cancellationToken);
        return true;
    }

    private static async Task<User> AppendAsync(
        IDocumentSession session, IEventStream<User> stream, IReadOnlyList<object> events, CancellationToken cancellationToken)
    {
        var before = stream.Aggregate;
        if (events.Count > 0)
        {
            stream.AppendMany(events);
            await session.SaveChangesAsync(cancellationToken);
        }

        return events.Aggregate(before, (user, happened) => UserProjection.Apply(user, stream.Key!, happened))!;
    }

    private static User Existing(User? user, string name) => user ?? throw new InvalidOperationException($"There is no user {name}.");
}
