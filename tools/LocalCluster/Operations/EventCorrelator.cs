using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Operations;

/// <summary>
/// Keeps events few, as client-go's recorder does: the same thing said again counts up; from the tenth thing on that differs in its message alone
/// within ten minutes, one event stands for all; and one source says 25 things about an object in a row, then one in five minutes. It remembers
/// in this process only: after a restart the same thing is a new event.
/// </summary>
internal sealed class EventCorrelator(TimeProvider clock)
{
    private const int MostSimilar = 10;
    private const int Burst = 25;
    private const int MostKnown = 4096;
    private const string Combined = "(combined from similar events): ";

    private static readonly TimeSpan SimilarFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Similar> _similar = [];
    private readonly Dictionary<string, Observation> _observed = [];
    private readonly Dictionary<string, Bucket> _buckets = [];
    private long _lastStamp;

    /// <summary>What to write: a new event, or, with a count above one, a change of an earlier one. Null: nothing, it would be too much.</summary>
    public Observation? Observe(JsonObject about, string component, string type, string reason, string message)
    {
        var now = clock.GetUtcNow();
        var subject = string.Join(
            '\n', component, about.Text("kind"), about.Text("namespace"), about.Text("name"), about.Text("uid"), about.Text("apiVersion"), type);
        var key = $"{subject}\n{reason}\n{message}";
        if (IsOneOfMany($"{subject}\n{reason}", message, now))
        {
            (key, message) = ($"{subject}\n{reason}", Combined + message);
        }

        var known = _observed.GetValueOrDefault(key);
        var observation = known is null
            ? new Observation($"{about.Text("name")}.{NextStamp(now):x16}", message, 1, now)
            : known with { Message = message, Count = known.Count + 1 };
        Keep(_observed, key, observation);
        return TakeToken(subject, now) ? observation : null;
    }

    private static void Keep<T>(Dictionary<string, T> memory, string key, T value)
    {
        if (memory.Count >= MostKnown && !memory.ContainsKey(key))
        {
            memory.Clear(); // forgetting only makes new events of old ones
        }

        memory[key] = value;
    }

    /// <summary>The time, or a moment later where something was said at that time already: names are unique.</summary>
    private long NextStamp(DateTimeOffset now) => _lastStamp = Math.Max(now.Ticks, _lastStamp + 1);

    private bool IsOneOfMany(string key, string message, DateTimeOffset now)
    {
        if (!_similar.TryGetValue(key, out var similar) || now - similar.Last > SimilarFor)
        {
            similar = new Similar();
            Keep(_similar, key, similar);
        }

        similar.Last = now;
        similar.Messages.Add(message);
        if (similar.Messages.Count < MostSimilar)
        {
            return false;
        }

        similar.Messages.Remove(message); // it need not grow further
        return true;
    }

    private bool TakeToken(string key, DateTimeOffset now)
    {
        var bucket = _buckets.GetValueOrDefault(key) ?? new Bucket(Burst, now);
        var tokens = Math.Min(Burst, bucket.Tokens + ((now - bucket.Last) / Refill));
        var taken = tokens >= 1;
        Keep(_buckets, key, new Bucket(taken ? tokens - 1 : tokens, now));
        return taken;
    }

    /// <summary>An event as it is after being said once more.</summary>
    public sealed record Observation(string Name, string Message, int Count, DateTimeOffset First);

    private sealed record Bucket(double Tokens, DateTimeOffset Last);

    private sealed class Similar
    {
        public HashSet<string> Messages { get; } = [];

        public DateTimeOffset Last { get; set; }
    }
}
