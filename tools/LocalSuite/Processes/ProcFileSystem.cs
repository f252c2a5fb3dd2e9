using System.Globalization;
using System.Net;

namespace Workspaces.LocalSuite.Processes;

/// <summary>What Linux says about processes and sockets under <c>/proc</c>. A process may end at any time: then there is nothing to say.</summary>
internal static class ProcFileSystem
{
    private const string TcpListen = "0A";
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Every process that we can see.</summary>
    public static IEnumerable<int> ProcessIds() =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0);

    /// <summary>Environment that a process was started with.</summary>
    public static string[] Environment(int processId) => Read($"/proc/{processId}/environ").Split('\0');

    /// <summary>Command line, for a person to read.</summary>
    public static string CommandLine(int processId) => Read($"/proc/{processId}/cmdline").Replace('\0', ' ').Trim();

    /// <summary>Whether a process has ended and waits for its parent to ask how.</summary>
    public static bool IsZombie(int processId)
    {
        // The state follows the name, which stands in parentheses and may have any character in it.
        var stat = Read($"/proc/{processId}/stat");
        return stat.LastIndexOf(')') is var end && (end < 0 || stat[(end + 2)..].StartsWith('Z'));
    }

    /// <summary>The process that listens on a TCP port, when we may know it.</summary>
    public static int? ListenerOf(int port)
    {
        var inodes = Listeners().Where(listener => listener.Address.Port == port).Select(listener => $"socket:[{listener.Inode}]").ToHashSet();
        return inodes.Count == 0 ? null : ProcessIds().Cast<int?>().FirstOrDefault(id => Sockets(id!.Value).Any(inodes.Contains));
    }

    /// <summary>Addresses that any of the given processes listens on.</summary>
    public static IEnumerable<IPEndPoint> ListeningAddresses(IEnumerable<int> processIds)
    {
        var sockets = processIds.SelectMany(Sockets).ToHashSet();
        return Listeners().Where(listener => sockets.Contains($"socket:[{listener.Inode}]")).Select(listener => listener.Address).Distinct();
    }

    private static IEnumerable<(IPEndPoint Address, string Inode)> Listeners() =>
        SocketTables
            .SelectMany(file => Read(file).Split('\n').Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > 9 && columns[3] == TcpListen)
            .Select(columns => (Address(columns[1]), columns[9]));

    /// <summary>Reads <c>0100007F:1F90</c>: 32-bit words in this machine's byte order, the port in network order.</summary>
    private static IPEndPoint Address(string text)
    {
        var (address, port) = (text[..text.IndexOf(':')], text[(text.IndexOf(':') + 1)..]);
        var bytes = Convert.FromHexString(address);
        for (var word = 0; word < bytes.Length && BitConverter.IsLittleEndian; word += 4)
        {
            bytes.AsSpan(word, 4).Reverse();
        }

        return new IPEndPoint(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Sockets(int processId)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{processId}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
