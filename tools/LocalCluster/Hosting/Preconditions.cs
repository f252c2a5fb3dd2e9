using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Workspaces.LocalCluster.Hosting;

/// <summary>Finds what would keep the cluster from starting, before it starts, to say it plainly.</summary>
internal static class Preconditions
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public static void Check(LocalClusterOptions options)
    {
        if (options.WithNode && Environment.UserName != "root")
        {
            throw new StartupException("The node runs pods in Linux namespaces, which needs root. Run it as root, or with --no-node for the API alone.");
        }

        CheckPort(options.Port, "the API", "--port");
        CheckPort(options.SidePort, "health and faults", "--side-port");
        try
        {
            Directory.CreateDirectory(options.StateFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The state folder {options.StateFolder} cannot be made: {e.Message}");
        }
    }

    private static void CheckPort(int port, string purpose, string option)
    {
        if (port == 0)
        {
            return;
        }

        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException($"Port {port} for {purpose} is in use by {OwnerOf(port)}. End that process, or choose another port with {option}.");
        }
        catch (SocketException e)
        {
            throw new StartupException($"Port {port} for {purpose} cannot be listened on: {e.Message}. Choose another with {option}.");
        }
    }

    /// <summary>The process that listens on a port, found as ss finds it: the socket's inode in /proc/net/tcp, then who has it open.</summary>
    private static string OwnerOf(int port)
    {
        try
        {
            var inodes = SocketTables.Where(File.Exists).SelectMany(File.ReadLines).Skip(1)
                .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(f => f.Length > 9 && f[3] == "0A" && f[1].EndsWith(":" + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal))
                .Select(f => $"socket:[{f[9]}]").ToHashSet();
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => Path.GetFileName(d).All(char.IsDigit)))
            {
                if (Opens(process, inodes))
                {
                    return $"process {Path.GetFileName(process)} ({File.ReadAllText(Path.Combine(process, "comm")).Trim()})";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Processes come and go while we look; not knowing the owner is no reason to say less about the port.
        }

        return "another process";
    }

    private static bool Opens(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(f => new FileInfo(f).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
