using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Auditor.Documents;

/// <summary>An example of each event, for the documents: the life of one injected workspace and of one session in it.</summary>
internal static class EventExamples
{
    private const string Workspace = "k7f3q2m";
    private const string User = "alice";
    private const string ClientAddress = "192.0.2.7:50122";

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Instance = new("5f0c3a52-8f5d-5f0e-9d34-2f7b8a1c6e01");
    private static readonly Guid Session = new("c2a4e6f8-1b3d-4c5e-8f70-92a4b6c8d0e2");

    /// <summary>Examples by the name of the event.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = Events().ToDictionary(
        example => example.GetType().Name,
        example => JsonSerializer.SerializeToNode(example, example.GetType(), ContractsJson.Options)!.AsObject());

    private static IEnumerable<IWorkspaceEvent> Events() => [.. Commands(), .. Lifecycle(), .. Instances(), .. Sessions()];

    private static IEnumerable<IWorkspaceEvent> Commands()
    {
        yield return new WorkspaceRequested
        {
            EventId = EventId.For<WorkspaceRequested>(Workspace, 1),
            OccurredAt = Time,
            WorkspaceId = Workspace,
            Generation = 1,
            Model = WorkspaceModel.Injection,
            Name = "payments-debug",
            Owner = new WorkspaceOwner { Name = User, Uid = 1000, Gid = 1000, Email = "alice@example.com", Groups = ["developers"] },
            RequestedBy = "chat-bot",
            Blueprint = new Blueprint
            {
                Name = "debug",
                Image = "registry.example.com/workspaces/debug:1",
                Env = new Dictionary<string, string> { ["EDITOR"] = "vim" },
                Resources = new BlueprintResources { Requests = new Dictionary<string, string> { ["cpu"] = "100m", ["memory"] = "128Mi" } },
                Files = new Dictionary<string, BlueprintFile> { ["/etc/motd"] = new() { Content = "Be careful.\n" } },
                Apps = new Dictionary<string, BlueprintApp> { ["profiler"] = new() { Command = ["/opt/profiler"], Port = 8080 } },
            },
            Target = new WorkspaceTarget { Kind = "Deployment", Namespace = "shop", Name = "payments", Mode = InjectionMode.Rollout },
            ExpiresAt = Time.AddHours(4),
        };
        yield return new WorkspaceStartRequested
        {
            EventId = EventId.For<WorkspaceStartRequested>(Workspace, 3),
            OccurredAt = Time.AddHours(2),
            WorkspaceId = Workspace,
            Generation = 3,
            Model = WorkspaceModel.Injection,
            RequestedBy = User,
            Reason = ChangeReason.User,
        };
        yield return new WorkspaceStopRequested
        {
            EventId = EventId.For<WorkspaceStopRequested>(Workspace, 2),
            OccurredAt = Time.AddHours(1),
            WorkspaceId = Workspace,
            Generation = 2,
            Model = WorkspaceModel.Injection,
            RequestedBy = "requests",
            Reason = ChangeReason.Idle,
        };
        yield return new WorkspaceDeletionRequested
        {
            EventId = EventId.For<WorkspaceDeletionRequested>(Workspace, 4),
            OccurredAt = Time.AddHours(4),
            WorkspaceId = Workspace,
            Generation = 4,
            Model = WorkspaceModel.Injection,
            RequestedBy = "requests",
            Reason = ChangeReason.Expired,
        };
        yield return new UserKeysChanged
        {
            EventId = EventId.For<UserKeysChanged>($"{User}/2"),
            OccurredAt = Time,
            User = User,
            Version = 2,
            Keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE alice@laptop"],
        };
    }

    private static IEnumerable<IWorkspaceEvent> Lifecycle()
    {
        yield return new WorkspaceProgressed
        {
            EventId = EventId.For<WorkspaceProgressed>(Workspace, 1, nameof(WorkspaceStage.RollingOut)),
            OccurredAt = Time.AddSeconds(1),
            WorkspaceId = Workspace,
            Generation = 1,
            Stage = WorkspaceStage.RollingOut,
            Message = "1 of 3 pods of Deployment payments are replaced.",
        };
        yield return new WorkspaceReady
        {
            EventId = EventId.For<WorkspaceReady>(Workspace, 1),
            OccurredAt = Time.AddSeconds(9),
            WorkspaceId = Workspace,
            Generation = 1,
            ReplicasReady = 1,
            ReplicasWanted = 3,
        };
        yield return new WorkspaceFailed
        {
            EventId = EventId.For<WorkspaceFailed>(Workspace, 1),
            OccurredAt = Time.AddSeconds(9),
            WorkspaceId = Workspace,
            Generation = 1,
            Reason = Enum.GetValues<FailureReason>()[0],
            Message = "A sentence for a person, that says what was wrong and what has been taken back.",
        };
        yield return new WorkspaceStopped { EventId = EventId.For<WorkspaceStopped>(Workspace, 2), OccurredAt = Time.AddHours(1), WorkspaceId = Workspace, Generation = 2 };
        yield return new WorkspaceDeleted { EventId = EventId.For<WorkspaceDeleted>(Workspace, 4), OccurredAt = Time.AddHours(4), WorkspaceId = Workspace, Generation = 4 };
    }

    private static IEnumerable<IWorkspaceEvent> Instances()
    {
        yield return new InstanceUp
        {
            EventId = EventId.For<InstanceUp>(Workspace, 1, Instance.ToString()),
            OccurredAt = Time.AddSeconds(9),
            WorkspaceId = Workspace,
            Generation = 1,
            InstanceId = Instance,
            Pod = new PodReference("shop", "payments-6d7f9-x2k4q", "1d3b5f70-9a2c-4e6f-8b1d-3c5e7f9a0b2d", "10.1.2.3", "n1"),
            Workload = new WorkloadReference("Deployment", "payments", "7e9a1c3d-5b7f-4a8c-9d0e-2f4a6c8e0b1d"),
            Replica = "x2k4q",
            SshPort = 2222,
            HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2ZkV5yP2o7Jd1bTjQnYw0s8rXv3cE6hUaL4mFgKpNi",
            LoginUser = User,
            Apps = [new InstanceApp("profiler", 8080, "http")],
        };
        yield return new InstanceDown
        {
            EventId = EventId.For<InstanceDown>(Workspace, 1, Instance.ToString()),
            OccurredAt = Time.AddHours(1),
            WorkspaceId = Workspace,
            Generation = 1,
            InstanceId = Instance,
            Reason = InstanceDownReason.Ejected,
        };
    }

    private static IEnumerable<IWorkspaceEvent> Sessions()
    {
        yield return new SessionOpened
        {
            EventId = EventId.For<SessionOpened>($"{Session}"),
            OccurredAt = Time.AddMinutes(1),
            WorkspaceId = Workspace,
            Generation = 1,
            SessionId = Session,
            InstanceId = Instance,
            User = User,
            KeyFingerprint = "SHA256:n3rYt0Z7c1xqk2mUeYb8JwqvO5aT4dLfGhPs6iRlKcM",
            ClientAddress = ClientAddress,
            ClientVersion = "SSH-2.0-OpenSSH_10.0",
        };
        yield return new ChannelOpened
        {
            EventId = EventId.For<ChannelOpened>($"{Session}/0"),
            OccurredAt = Time.AddMinutes(1),
            WorkspaceId = Workspace,
            Generation = 1,
            SessionId = Session,
            User = User,
            Kind = ChannelKind.Exec,
            Detail = "gdb -p 7",
        };
        yield return new SessionClosed
        {
            EventId = EventId.For<SessionClosed>($"{Session}"),
            OccurredAt = Time.AddMinutes(11),
            WorkspaceId = Workspace,
            Generation = 1,
            SessionId = Session,
            InstanceId = Instance,
            User = User,
            Duration = TimeSpan.FromMinutes(10),
            BytesFromClient = 2_048,
            BytesFromInstance = 65_536,
            Reason = SessionCloseReason.ClientClosed,
        };
        yield return new AuthenticationFailed
        {
            EventId = EventId.For<AuthenticationFailed>($"{ClientAddress}/root/{Time:O}"),
            OccurredAt = Time.AddMinutes(5),
            ClientAddress = ClientAddress,
            AttemptedLogin = "root",
            Reason = AuthenticationFailureReason.UnknownKey,
            Attempts = 12,
        };
    }
}
