using System.Globalization;

namespace Workspaces.LocalCluster;

/// <summary>Reads the command line.</summary>
public static class CommandLine
{
    public const string Usage = """
        usage: Workspaces.LocalCluster --state DIR [--port 6443] [--side-port 6444] [--kubeconfig FILE] [--user NAME[:GROUP,...]]... [--images DIR]
                                         [--node-monitor-grace-period SECONDS] [--no-node]

          --state DIR        folder of everything this cluster keeps; made where it is missing
          --port N           HTTPS port of the Kubernetes API on loopback (0: a free one)
          --side-port N      HTTP port of health and faults on loopback (0: a free one)
          --kubeconfig FILE  where to write the kubeconfig (default: DIR/kubeconfig)
          --user NAME[:GROUP,...]
                             also write a kubeconfig for this user (client certificate), beside the other with .NAME appended; may be repeated.
                             RBAC says what they may do
          --images DIR       folder of images/*.yaml: names for root file systems
          --node-monitor-grace-period SECONDS  after which a silent node counts as lost (default: 50)
          --no-node          the API and its controllers alone; pods stay Pending; needs no root
        """;

    /// <summary>The options, or <see cref="ArgumentException"/> that says what is wrong.</summary>
    public static LocalClusterOptions Parse(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>();
        var withNode = true;
        var users = new List<ClusterUser>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--no-node":
                    withNode = false;
                    break;
                case "--user" when i + 1 < args.Count:
                    users.Add(User(args[++i]));
                    break;
                case "--user":
                    throw new ArgumentException("--user needs a value.");
                case "--state" or "--port" or "--side-port" or "--kubeconfig" or "--images" or "--node-monitor-grace-period" when i + 1 < args.Count:
                    values[args[i]] = args[++i];
                    break;
                case "--state" or "--port" or "--side-port" or "--kubeconfig" or "--images" or "--node-monitor-grace-period":
                    throw new ArgumentException($"{args[i]} needs a value.");
                default:
                    throw new ArgumentException($"Unknown argument {args[i]}.");
            }
        }

        if (!values.TryGetValue("--state", out var state))
        {
            throw new ArgumentException("--state is missing.");
        }

        if (values.TryGetValue("--images", out var images) && !Directory.Exists(images))
        {
            throw new ArgumentException($"--images: there is no folder {images}.");
        }

        return new LocalClusterOptions
        {
            StateFolder = Path.GetFullPath(state),
            Port = Port(values, "--port", 6443),
            SidePort = Port(values, "--side-port", 6444),
            KubeconfigFile = Path.GetFullPath(values.GetValueOrDefault("--kubeconfig", Path.Combine(state, "kubeconfig"))),
            ImagesFolder = images is null ? null : Path.GetFullPath(images),
            NodeMonitorGracePeriod = Seconds(values, "--node-monitor-grace-period", 50),
            WithNode = withNode,
            Users = users,
        };
    }

    private static TimeSpan Seconds(Dictionary<string, string> values, string name, int fallback)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return TimeSpan.FromSeconds(fallback);
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"{name}: {text} is no number of seconds (1 or more).");
    }

    private static ClusterUser User(string text)
    {
        var parts = text.Split(':', 2);
        if (parts[0].Length == 0 || parts[0].Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '@')))
        {
            throw new ArgumentException($"--user: \"{parts[0]}\" is no user name (letters, digits, - _ . @).");
        }

        return new ClusterUser(parts[0], parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static int Port(Dictionary<string, string> values, string name, int fallback)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new ArgumentException($"{name}: {text} is no port number (0 to 65535).");
    }
}
