using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Workspaces.Proxy.Addresses;

namespace Workspaces.Proxy.Listening;

/// <summary>
/// Keeps addresses away from which too many logins fail. Each failure costs a token, tokens come back with time, and who has none is not
/// let try. A login that succeeds gives everything back: behind one address there may be a whole office.
/// </summary>
/// <remarks>IPv6 clients count by their /64, of which one person usually has all.</remarks>
public sealed class AddressThrottle(int failures, TimeSpan recovery, TimeProvider time)
{
    /// <summary>More addresses than this are not told apart from new ones; each costs about 100 bytes.</summary>
    private const int MaxAddresses = 100_000;

    private readonly ConcurrentDictionary<IPAddress, Bucket> _buckets = new();

    /// <summary>Addresses that are remembered.</summary>
    public int Count => _buckets.Count;

    /// <summary>Whether an address may try to log in.</summary>
    public bool Allows(IPAddress address) => !_buckets.TryGetValue(Key(address), out var bucket) || TokensOf(bucket) >= 1;

    /// <summary>A login from an address has failed.</summary>
    public void Failed(IPAddress address)
    {
        if (_buckets.Count >= MaxAddresses)
        {
            Forget();
        }

        _buckets.AddOrUpdate(
            Key(address),
            _ => new Bucket(failures - 1, time.GetTimestamp()),
            (_, bucket) => new Bucket(Math.Max(0, TokensOf(bucket) - 1), time.GetTimestamp()));
    }

    /// <summary>A login from an address has succeeded.</summary>
    public void Succeeded(IPAddress address) => _buckets.TryRemove(Key(address), out _);

    private double TokensOf(Bucket bucket) =>
        Math.Min(failures, bucket.Tokens + (time.GetElapsedTime(bucket.At) / recovery));

    /// <summary>Forgets who has recovered; where that is nobody, everybody: an attacker with so many addresses is not stopped by this anyway.</summary>
    private void Forget()
    {
        foreach (var (address, bucket) in _buckets)
        {
            if (TokensOf(bucket) >= failures)
            {
                _buckets.TryRemove(address, out _);
            }
        }

        if (_buckets.Count >= MaxAddresses)
        {
            _buckets.Clear();
        }
    }

    private static IPAddress Key(IPAddress address)
    {
        var plain = AddressList.Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain;
        }

        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private readonly record struct Bucket(double Tokens, long At);
}
