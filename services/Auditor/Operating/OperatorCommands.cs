using Workspaces.Auditor.Heads;
using Workspaces.Auditor.Retention;
using Workspaces.Auditor.Verifying;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Operating;

/// <summary>
/// What operators do by hand, as the text below says. With the same settings as the service; replaying needs a broker account that may write
/// to the default exchange, which no service has.
/// </summary>
internal static class OperatorCommands
{
    private const string Usage = """
        usage: Workspaces.Auditor.dll                           run the service
               Workspaces.Auditor.dll verify [FROM [TO]]        verify the log's hash chain; exit code 1: it does not hold
               Workspaces.Auditor.dll verify-heads FILE         compare signed heads that were kept, one a line, with the log; exit code 1: one does not fit
               Workspaces.Auditor.dll verify-archive FILE...    verify files of the archive, in their order; exit code 1: they do not hold
               Workspaces.Auditor.dll export FILE [NAME=VALUE...]
                                                      write entries to a file as the archive has them (gzip if its name ends with .gz); parameters as
                                                      for GET /v1/events: after=100 type=SessionOpened; exit code 1: it is not complete
               Workspaces.Auditor.dll replay-errors QUEUE       move what is in QUEUE_error back to QUEUE
        """;

    /// <summary>Runs the command that the arguments name. Returns its exit code; null: the arguments name none, run the service.</summary>
    public static async Task<int?> TryRunAsync(WebApplication app, string[] args)
    {
        // Settings given as --name=value are for the host.
        var words = args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        switch (words)
        {
            case []:
                return null;
            case ["verify", .. var range] when range.Length <= 2 && range.All(text => long.TryParse(text, out var number) && number > 0):
                return await VerifyAsync(app, range);
            case ["verify-heads", var file]:
                return await VerifyHeadsAsync(app, file);
            case ["verify-archive", _, ..]:
                return await VerifyArchiveAsync(words[1..]);
            case ["export", var file, .. var parameters]:
                return await app.Services.GetRequiredService<ExportCommand>().RunAsync(file, parameters, CancellationToken.None);
            case ["replay-errors", var queue]:
                return await ReplayAsync(app, queue);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static async Task<int> VerifyAsync(WebApplication app, string[] range)
    {
        long? At(int index) => index < range.Length ? long.Parse(range[index], System.Globalization.CultureInfo.InvariantCulture) : null;
        var result = await app.Services.GetRequiredService<LogVerifier>().VerifyAsync(At(0), At(1), CancellationToken.None);
        Console.WriteLine(result.IsWhole
            ? $"Entries {result.From} to {result.To} are whole."
            : $"Entry {result.Sequence} does not fit: {result.Problem}");
        return result.IsWhole ? 0 : 1;
    }

    private static async Task<int> VerifyHeadsAsync(WebApplication app, string file)
    {
        var verifier = app.Services.GetRequiredService<HeadVerifier>();
        var count = 0;
        foreach (var jws in (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0))
        {
            count++;
            if (await verifier.ProblemOfAsync(jws, CancellationToken.None) is { } problem)
            {
                Console.WriteLine($"{file}, head {count}: {problem}");
                return 1;
            }
        }

        Console.WriteLine($"{count} heads fit the log.");
        return 0;
    }

    /// <summary>Each file must go on where the one before ended.</summary>
    private static async Task<int> VerifyArchiveAsync(IEnumerable<string> files)
    {
        (long Last, string? Hash) before = (0, null);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var result = await ArchiveFile.VerifyAsync(file, before.Hash, CancellationToken.None);
            var gap = before.Hash is not null && result.First != before.Last + 1 ? $"It begins with {result.First}, and the file before ends with {before.Last}." : null;
            if ((gap ?? result.Problem) is { } problem)
            {
                Console.WriteLine($"{file}: {problem}");
                return 1;
            }

            Console.WriteLine($"{file}: entries {result.First} to {result.Last} are whole.");
            before = (result.Last, result.LastHash);
        }

        return 0;
    }

    private static async Task<int> ReplayAsync(WebApplication app, string queue)
    {
        var broker = new BrokerAddress(app.Configuration, ServiceName.Auditor);
        try
        {
            var count = await ErrorReplay.RunAsync(broker, queue, CancellationToken.None);
            Console.WriteLine($"{count} messages are back in {queue}.");
            return 0;
        }
        catch (RabbitMQ.Client.Exceptions.RabbitMQClientException e)
        {
            await Console.Error.WriteLineAsync($"Not all of {queue}{ErrorReplay.Suffix} was replayed: {e.Message}");
            return 1;
        }
    }
}
