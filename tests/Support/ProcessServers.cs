using System.Security.Cryptography;
using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Support;

/// <summary>
/// Debian's servers, started by the test process for itself: in a folder under /tmp, gone when the process ends. Should it be killed,
/// the kernel ends the servers and only the folder stays.
/// </summary>
internal static class ProcessServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly List<ChildProcess> Running = [];
    private static readonly Lazy<string> Folder = new(MakeFolder);

    public static async Task<string> PostgresAsync()
    {
        var server = new PostgresServer(new PostgresOptions(Subfolder("postgresql"), Ports.Free(1)[0], Password(), Log("postgresql")) { Disposable = true });
        await StartAsync(server);
        return server.ConnectionString();
    }

    public static async Task<RabbitMqTestServer> RabbitMqAsync()
    {
        var ports = Ports.Free(4);
        var administrator = new RabbitMqAccount("tests", Password()) { Administrator = true };
        var server = new RabbitMqServer(new RabbitMqOptions(
            Subfolder("rabbitmq"), new RabbitMqPorts(ports[0], ports[1], ports[2], ports[3]), [administrator], Log("rabbitmq")));
        await StartAsync(new PortMapperServer(ports[3], Log("epmd")));
        await StartAsync(server);
        return new RabbitMqTestServer(server.Amqp(administrator), server.Management);
    }

    private static async Task StartAsync(IServer server)
    {
        var running = await RunningServer.StartAsync(server, new Marker(Folder.Value, server.Name), Patience);
        lock (Running)
        {
            Running.Add(running.Process);
        }
    }

    private static string MakeFolder()
    {
        // Readable for the account that PostgreSQL runs as.
        var folder = Directory.CreateTempSubdirectory("workspaces-tests-").FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        return folder;
    }

    /// <summary>Nothing of this is worth an orderly end.</summary>
    private static void Remove(string folder)
    {
        lock (Running)
        {
            foreach (var process in Running)
            {
                process.Kill();
            }
        }

        new Marker(folder).KillLeftovers();
        Directory.Delete(folder, recursive: true);
    }

    private static string Subfolder(string name) => Path.Combine(Folder.Value, name);

    private static string Log(string name) => Path.Combine(Folder.Value, $"{name}.log");

    private static string Password() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
}
