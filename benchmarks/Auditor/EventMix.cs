using System.Text;
using System.Text.Json;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>
/// Events as an installation has them: a workspace is requested, comes up, has twelve sessions of a few channels, and goes; a hundred of them at a time, a hundred
/// workloads, two hundred people. Ids are random, as they are in life: indexes have no easy time.
/// </summary>
internal sealed class EventMix
{
    private const int Workspaces = 100;
    private const int SessionsPerWorkspace = 12;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly Random _random = new(1);
    private readonly IEnumerator<IWorkspaceEvent>[] _lives = new IEnumerator<IWorkspaceEvent>[Workspaces];

    /// <summary>The next event: its id, the exchange it goes to, and its message in the envelope of the bus.</summary>
    public (Guid Id, string Exchange, byte[] Body) Next()
    {
        ref var life = ref _lives[_random.Next(Workspaces)];
        if (life?.MoveNext() is not true)
        {
            life = LifeOfAWorkspace().GetEnumerator();
            life.MoveNext();
        }

        var next = life.Current;
        var exchange = Topology.ExchangeOf(next.GetType()).Name;
        return (next.EventId, exchange, Encoding.UTF8.GetBytes($$"""
            {"messageId":"{{next.EventId}}","messageType":["urn:message:{{exchange}}"],"message":{{JsonSerializer.Serialize(next, next.GetType(), ContractsJson.Options)}},"headers":{"MT-Activity-Id":"00-18db29c23e8b2866e4655ed473ae38ae-f39b827e52b7eac8-01"} }
            """));
    }

    private IEnumerable<IWorkspaceEvent> LifeOfAWorkspace()
    {
        var workspace = "w" + new string(_random.GetItems<char>(IdLetters, 7));
        var (owner, workload, instance, now) = ($"user{_random.Next(200)}", $"service{_random.Next(100)}", NewId(), DateTimeOffset.UtcNow);
        yield return new WorkspaceRequested
        {
            EventId = NewId(),
            OccurredAt = now,
            WorkspaceId = workspace,
            Generation = 1,
            Model = WorkspaceModel.Injection,
            Name = $"{workspace}-debug",
            Owner = new WorkspaceOwner { Name = owner, Uid = 1000, Gid = 1000, Email = $"{owner}@example.com" },
            RequestedBy = owner,
            Blueprint = new Blueprint
            {
                Name = "debug",
                Image = "registry.example.com/workspaces/debug:1",
                Env = Enumerable.Range(0, 10).ToDictionary(i => $"VARIABLE_{i}", i => $"the value of variable {i}"),
            },
            Target = new WorkspaceTarget { Kind = "Deployment", Namespace = "shop", Name = workload },
        };
        yield return new WorkspaceProgressed
        {
            EventId = NewId(),
            OccurredAt = now,
            WorkspaceId = workspace,
            Generation = 1,
            Stage = WorkspaceStage.RollingOut,
            Message = "1 of 1 pods are replaced.",
        };
        yield return new InstanceUp
        {
            EventId = NewId(),
            OccurredAt = now,
            WorkspaceId = workspace,
            Generation = 1,
            InstanceId = instance,
            Pod = new PodReference("shop", $"{workload}-6d7f9-{workspace[3..]}", NewId().ToString(), "10.0.0.1", "n1"),
            Workload = new WorkloadReference("Deployment", workload, NewId().ToString()),
            Replica = workspace[3..],
            SshPort = 2222,
            HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2ZkV5yP2o7Jd1bTjQnYw0s8rXv3cE6hUaL4mFgKpNi",
        };
        yield return new WorkspaceReady { EventId = NewId(), OccurredAt = now, WorkspaceId = workspace, Generation = 1, ReplicasReady = 1, ReplicasWanted = 1 };
        for (var i = 0; i < SessionsPerWorkspace; i++)
        {
            foreach (var e in Session(workspace, instance, $"user{_random.Next(200)}", now))
            {
                yield return e;
            }
        }

        yield return new InstanceDown { EventId = NewId(), OccurredAt = now, WorkspaceId = workspace, Generation = 1, InstanceId = instance, Reason = InstanceDownReason.Ejected };
        yield return new WorkspaceDeleted { EventId = NewId(), OccurredAt = now, WorkspaceId = workspace, Generation = 2 };
    }

    private IEnumerable<IWorkspaceEvent> Session(string workspace, Guid instance, string user, DateTimeOffset now)
    {
        var session = NewId();
        yield return new SessionOpened
        {
            EventId = NewId(),
            OccurredAt = now,
            WorkspaceId = workspace,
            Generation = 1,
            SessionId = session,
            InstanceId = instance,
            User = user,
            KeyFingerprint = "SHA256:n3rYt0Z7c1xqk2mUeYb8JwqvO5aT4dLfGhPs6iRlKcM",
            ClientAddress = $"192.0.2.{_random.Next(255)}:50122",
            ClientVersion = "SSH-2.0-OpenSSH_10.0",
        };
        for (var i = _random.Next(3); i >= 0; i--)
        {
            yield return new ChannelOpened
            {
                EventId = NewId(),
                OccurredAt = now,
                WorkspaceId = workspace,
                Generation = 1,
                SessionId = session,
                User = user,
                Kind = ChannelKind.Exec,
                Detail = "gdb -p 7 -batch -ex bt",
            };
        }

        yield return new SessionClosed
        {
            EventId = NewId(),
            OccurredAt = now,
            WorkspaceId = workspace,
            Generation = 1,
            SessionId = session,
            InstanceId = instance,
            User = user,
            Duration = TimeSpan.FromMinutes(3),
            BytesFromClient = 1000,
            BytesFromInstance = 20000,
            Reason = SessionCloseReason.ClientClosed,
        };
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
