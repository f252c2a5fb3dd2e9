using System.Globalization;

namespace Workspaces.LocalSuite.CommandLine;

/// <summary>The command line, read and checked.</summary>
public sealed record SuiteOptions
{
    /// <summary>What <c>./run --help</c> prints.</summary>
    public const string Usage = """
        Usage: ./run [--detach | --status | --stop | --reset] [options]

          (nothing)           start everything; Ctrl-C stops it
          --detach            start everything in the background; return when it is ready
          --status            one line a component; exit code 0 only when all are healthy
          --stop              stop everything
          --reset             stop everything and forget all state

          --state DIR         where state, keys and logs are (default .local; or WORKSPACES_STATE)
          --ports auto|BASE   free ports, or ports from BASE on (default: well-known ones from 7400 on, SSH on 2222; or WORKSPACES_PORTS)
          --kubeconfig FILE   use this cluster instead of LocalCluster
          --context NAME      the kubeconfig's context; default its current one
          --servers-only      only PostgreSQL and RabbitMQ, for tests
          --build             build even when nothing seems to have changed
          --no-build          do not build
        """;

    /// <summary>What to do.</summary>
    public SuiteAction Action { get; init; }

    /// <summary>The checkout.</summary>
    public required string Root { get; init; }

    /// <summary>Folder of everything that is made at run time.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Choose ports that are free, once per state folder.</summary>
    public bool FreePorts { get; init; }

    /// <summary>First of the ports; null: the well-known ones.</summary>
    public int? PortBase { get; init; }

    /// <summary>A cluster of the person's own instead of LocalCluster.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context in <see cref="Kubeconfig"/>.</summary>
    public string? Context { get; init; }

    /// <summary>Only PostgreSQL and RabbitMQ.</summary>
    public bool ServersOnly { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">As given to the program.</param>
    /// <param name="environment">Value of an environment variable, or null.</param>
    /// <exception cref="UsageException">Something in it is unknown, incomplete or contradicts itself.</exception>
    public static SuiteOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var root = Directory.GetCurrentDirectory();
        var state = environment("WORKSPACES_STATE");
        var ports = environment("WORKSPACES_PORTS");
        var actions = new List<SuiteAction>();
        string? kubeconfig = null, context = null;
        var serversOnly = false;

        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var argument))
        {
            switch (argument)
            {
                case "--detach": actions.Add(SuiteAction.Detach); break;
                case "--status": actions.Add(SuiteAction.Status); break;
                case "--stop": actions.Add(SuiteAction.Stop); break;
                case "--reset": actions.Add(SuiteAction.Reset); break;
                case "--help": actions.Add(SuiteAction.Help); break;
                case "--servers-only": serversOnly = true; break;
                case "--root": root = Value(argument, rest); break;
                case "--state": state = Value(argument, rest); break;
                case "--ports": ports = Value(argument, rest); break;
                case "--kubeconfig": kubeconfig = Value(argument, rest); break;
                case "--context": context = Value(argument, rest); break;
                default: throw new UsageException($"Unknown argument '{argument}'.");
            }
        }

        if (actions.Count > 1)
        {
            throw new UsageException("Only one of --detach, --status, --stop, --reset and --help at a time.");
        }

        if (context is not null && kubeconfig is null)
        {
            throw new UsageException("--context names a context of the file that --kubeconfig gives.");
        }

        if (kubeconfig is not null && !File.Exists(kubeconfig))
        {
            throw new UsageException($"There is no kubeconfig {kubeconfig}.");
        }

        return new SuiteOptions
        {
            Action = actions.Count == 0 ? SuiteAction.Run : actions[0],
            Root = Path.GetFullPath(root),
            StateFolder = Path.GetFullPath(string.IsNullOrEmpty(state) ? Path.Combine(root, ".local") : state),
            FreePorts = ports == "auto",
            PortBase = string.IsNullOrEmpty(ports) || ports == "auto" ? null : PortNumber(ports),
            Kubeconfig = kubeconfig is null ? null : Path.GetFullPath(kubeconfig),
            Context = context,
            ServersOnly = serversOnly,
        };
    }

    private static string Value(string option, Queue<string> rest) =>
        rest.TryDequeue(out var value) && value.Length > 0 ? value : throw new UsageException($"{option} needs a value.");

    private static int PortNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65000
            ? port
            : throw new UsageException($"--ports takes 'auto' or a number from 1024 to 65000, not '{text}'.");
}
