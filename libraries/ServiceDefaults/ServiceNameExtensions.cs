namespace Workspaces.ServiceDefaults;

/// <summary>How a <see cref="ServiceName"/> is written outside of code.</summary>
public static class ServiceNameExtensions
{
    /// <summary>Lower-case name: broker account, prefix of queues.</summary>
    public static string Key(this ServiceName service) => service switch
    {
        ServiceName.Requests => "requests",
        ServiceName.Provisioner => "provisioner",
        ServiceName.Injector => "injector",
        ServiceName.Proxy => "proxy",
        ServiceName.Auditor => "auditor",
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "Unknown service."),
    };
}
