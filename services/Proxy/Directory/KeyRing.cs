using System.Collections.Concurrent;
using System.Collections.Immutable;
using Workspaces.Contracts;
using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Ssh;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Directory;

/// <summary>
/// Which key belongs to which user. Keys are known by their fingerprints; the version of each user's set decides which statement
/// is newest, so that a late message gives no key back.
/// </summary>
public sealed class KeyRing(ChangeSignal changes)
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _usersByFingerprint = new(StringComparer.Ordinal);

    /// <summary>Users that have at least one key.</summary>
    public int UserCount
    {
        get
        {
            lock (_writing)
            {
                return _users.Values.Count(user => user.Fingerprints.Count > 0);
            }
        }
    }

    /// <summary>Whether there is such a user, with keys or without: certificates stand for users.</summary>
    public bool IsUser(string name)
    {
        lock (_writing)
        {
            return _users.TryGetValue(name, out var user) && !user.IsAbsent;
        }
    }

    /// <summary>
    /// The user that a key belongs to. None while two users claim the same key: nobody can then say whose it is, and a key that
    /// moves from one user to another passes through that state if the messages arrive in the other order.
    /// </summary>
    /// <param name="fingerprint"><c>SHA256:...</c>, as OpenSSH prints it.</param>
    public string? UserOf(string fingerprint) =>
        _usersByFingerprint.TryGetValue(fingerprint, out var users) && users is [var user] ? user : null;

    /// <summary>Takes in the complete new set of a user's keys; returned is what is wrong with lines that are no usable public keys.</summary>
    public IReadOnlyList<string> Apply(UserKeysChanged changed, long seen)
    {
        var unreadable = Apply(changed.User, changed.Version, changed.Keys, seen, bySnapshot: false);
        changes.Raise();
        return unreadable;
    }

    /// <summary>
    /// Takes in a snapshot: users that it does not mention may not log in any more, unless an event mentioned them after
    /// the snapshot was asked for. Returned is what is wrong with lines that are no usable keys.
    /// </summary>
    public IReadOnlyList<string> Apply(DirectorySnapshot snapshot, long seen)
    {
        var unreadable = new List<string>();
        foreach (var user in snapshot.Users)
        {
            unreadable.AddRange(Apply(user.Name, user.Version, user.Keys, seen, bySnapshot: true));
        }

        lock (_writing)
        {
            var mentioned = snapshot.Users.Select(user => user.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, user) in _users.Where(pair => pair.Value.Seen < seen && !mentioned.Contains(pair.Key)).ToList())
            {
                // The version stays, so that an old message about the user revives nothing.
                Replace(name, user with { Fingerprints = [], IsAbsent = true });
            }
        }

        changes.Raise();
        return unreadable;
    }

    private List<string> Apply(string name, long version, IReadOnlyList<string> keys, long seen, bool bySnapshot)
    {
        var unreadable = new List<string>();
        var fingerprints = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var line in keys)
        {
            try
            {
                fingerprints.Add(SshPublicKey.ParseLine(line).Fingerprint);
            }
            catch (SshFormatException e)
            {
                unreadable.Add(e.Message);
            }
        }

        lock (_writing)
        {
            if (!_users.TryGetValue(name, out var known) || version > known.Version || (bySnapshot && known.IsAbsent && version == known.Version))
            {
                Replace(name, new User(version, fingerprints.ToImmutable(), seen, IsAbsent: false));
            }
            else if (version == known.Version)
            {
                _users[name] = known with { Seen = Math.Max(known.Seen, seen) };
            }
        }

        return unreadable;
    }

    private void Replace(string name, User user)
    {
        var before = _users.TryGetValue(name, out var known) ? known.Fingerprints : [];
        _users[name] = user;

        foreach (var fingerprint in before.Except(user.Fingerprints))
        {
            var others = _usersByFingerprint[fingerprint].Remove(name);
            if (others.IsEmpty)
            {
                _usersByFingerprint.TryRemove(fingerprint, out _);
            }
            else
            {
                _usersByFingerprint[fingerprint] = others;
            }
        }

        foreach (var fingerprint in user.Fingerprints.Except(before))
        {
            _usersByFingerprint.AddOrUpdate(fingerprint, [name], (_, users) => users.Add(name));
        }
    }

    private sealed record User(long Version, ImmutableHashSet<string> Fingerprints, long Seen, bool IsAbsent);
}
