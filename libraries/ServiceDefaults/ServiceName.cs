namespace Workspaces.ServiceDefaults;

/// <summary>The services of the suite. Their names in lower case are broker accounts, queue prefixes and telemetry names.</summary>
public enum ServiceName
{
    /// <summary>HTTP API, users, blueprints; owns the requests.</summary>
    Requests,

    /// <summary>Standalone workspaces.</summary>
    Provisioner,

    /// <summary>Injected workspaces.</summary>
    Injector,

    /// <summary>The way in, over SSH and HTTP.</summary>
    Proxy,

    /// <summary>The event log.</summary>
    Auditor,
}
