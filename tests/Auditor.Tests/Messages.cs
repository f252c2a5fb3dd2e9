using System.Text;
using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Tests;

/// <summary>Events, and messages as they come from the bus.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);

    /// <summary>Trace context in <see cref="EnvelopeOf"/>.</summary>
    public const string TraceParent = "00-18db29c23e8b2866e4655ed473ae38ae-f39b827e52b7eac8-01";

    public static WorkspaceReady Ready(string workspace = "abc", Guid? id = null) => new()
    {
        EventId = id ?? Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        ReplicasReady = 1,
        ReplicasWanted = 1,
    };

    public static WorkspaceRequested Requested(string workspace = "abc", string owner = "alice", string requestedBy = "bot") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        Model = WorkspaceModel.Standalone,
        Name = "dev",
        Owner = new WorkspaceOwner { Name = owner, Uid = 1000, Gid = 1000 },
        RequestedBy = requestedBy,
        Blueprint = new Blueprint { Name = "dev", Image = "debian:13" },
    };

    public static SessionOpened Session(Guid session, string workspace = "abc", string user = "bob") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        SessionId = session,
        InstanceId = Guid.NewGuid(),
        User = user,
        KeyFingerprint = "SHA256:abc",
        ClientAddress = "127.0.0.1:5000",
        ClientVersion = "SSH-2.0-OpenSSH_10.0",
    };

    public static InstanceUp Up(Guid instance, string workspace = "abc", string space = "shop", string kind = "Deployment", string name = "payments") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        InstanceId = instance,
        Pod = new PodReference(space, $"{name}-x2k4q", "uid", "10.0.0.1", "n1"),
        Workload = new WorkloadReference(kind, name, "uid"),
        Replica = "x2k4q",
        SshPort = 2222,
        HostKey = "ssh-ed25519 AAAA",
    };

    public static InstanceDown Down(Guid instance, string workspace = "abc") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        InstanceId = instance,
        Reason = InstanceDownReason.Ejected,
    };

    public static WorkspaceStopped Stopped(string workspace = "abc") => new() { EventId = Guid.NewGuid(), OccurredAt = Time, WorkspaceId = workspace, Generation = 1 };

    public static WorkspaceDeleted Deleted(string workspace = "abc") => new() { EventId = Guid.NewGuid(), OccurredAt = Time, WorkspaceId = workspace, Generation = 1 };

    public static ChannelOpened Channel(Guid session, ChannelKind kind, string detail, string workspace = "abc", string user = "bob") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        WorkspaceId = workspace,
        Generation = 1,
        SessionId = session,
        User = user,
        Kind = kind,
        Detail = detail,
    };

    public static SessionClosed Closed(Guid session, Guid instance, string workspace = "abc", string user = "bob") => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time.AddMinutes(5),
        WorkspaceId = workspace,
        Generation = 1,
        SessionId = session,
        InstanceId = instance,
        User = user,
        Duration = TimeSpan.FromMinutes(5),
        BytesFromClient = 1,
        BytesFromInstance = 2,
        Reason = SessionCloseReason.ClientClosed,
    };

    public static AuthenticationFailed LoginFailed(string address, string login, int attempts) => new()
    {
        EventId = Guid.NewGuid(),
        OccurredAt = Time,
        ClientAddress = address,
        AttemptedLogin = login,
        Reason = AuthenticationFailureReason.UnknownKey,
        Attempts = attempts,
    };

    /// <summary>The name of the exchange that an event goes to.</summary>
    public static string ExchangeOf(IWorkspaceEvent e) => Topology.ExchangeOf(e.GetType()).Name;

    /// <summary>An event in the envelope that MassTransit writes.</summary>
    public static byte[] EnvelopeOf(IWorkspaceEvent e)
    {
        var message = JsonSerializer.Serialize(e, e.GetType(), ContractsJson.Options);
        return Encoding.UTF8.GetBytes($$"""
            {"messageId":"{{e.EventId}}","messageType":["urn:message:{{ExchangeOf(e)}}","urn:message:Workspaces.Contracts:IWorkspaceEvent"],
             "message":{{message}},"headers":{"MT-Activity-Id":"{{TraceParent}}"},"host":{"machineName":"vm"} }
            """);
    }

    /// <summary>An event as the queue reader hands it to the log.</summary>
    public static ReceivedMessage Received(IWorkspaceEvent e) => Auditor.Reading.EnvelopeReader.Read(EnvelopeOf(e), ExchangeOf(e));
}
