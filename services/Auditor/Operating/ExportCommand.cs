using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Querying;
using Workspaces.Auditor.Retention;

namespace Workspaces.Auditor.Operating;

/// <summary>
/// The export for operators, beside <see cref="ExportApi"/>: the same parameters and the same form, and no token. It ends where the log ended when it began. A file
/// that has its name is complete.
/// </summary>
internal sealed class ExportCommand(LogReader log, LogExporter exporter)
{
    private const string Unfinished = ".partial";

    /// <summary>Returns the exit code: 0, the export is complete; 1, it is not; 2, a parameter is wrong.</summary>
    public async Task<int> RunAsync(string file, IReadOnlyList<string> parameters, CancellationToken cancellationToken)
    {
        if (WhyNot(parameters, out var query) is { } problem)
        {
            return await FailAsync(2, problem);
        }

        var head = await log.HeadAsync(cancellationToken);
        if (query!.After + 1 < head.First)
        {
            return await FailAsync(1, $"The log begins with {head.First}; what comes before is in the archive. Say after={head.First - 1}.");
        }

        var filter = LogExporter.UptoNow(query.Filter, head);
        if (await WriteAsync(file, filter, query.After, cancellationToken) is not { } count)
        {
            return await FailAsync(1, "Entries were archived meanwhile, so the export is not complete. Begin again.");
        }

        Console.WriteLine($"{file}: {count} entries; the log was read from {query.After + 1} to {filter.Upto}.");
        return 0;
    }

    /// <summary>The parameters are those of a URL, so they are read as such.</summary>
    private static string? WhyNot(IReadOnlyList<string> parameters, out EventQuery? query)
    {
        query = null;
        var pairs = parameters.Select(parameter => parameter.Split('=', 2)).ToList();
        if (pairs.Find(pair => pair is not [{ Length: > 0 }, _]) is { } wrong)
        {
            return $"'{string.Join('=', wrong)}' is not NAME=VALUE.";
        }

        if (pairs.Exists(pair => pair[0] == "limit"))
        {
            return ExportApi.NoPages;
        }

        var values = pairs.GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => new StringValues([.. group.Select(pair => pair[1])]));
        return EventQuery.TryRead(new QueryCollection(values), out query, out var problem) ? null : problem.ProblemDetails.Detail;
    }

    private static async Task<int> FailAsync(int code, string message)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }

    private async Task<long?> WriteAsync(string file, LogFilter filter, long after, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        long? count;
        await using (var output = new FileStream(file + Unfinished, options))
        {
            await using Stream content = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true) : new BufferedStream(output);
            count = await exporter.WriteAsync(content, filter, after, cancellationToken);
        }

        if (count is null)
        {
            File.Delete(file + Unfinished);
        }
        else
        {
            File.Move(file + Unfinished, file, overwrite: true);
        }

        return count;
    }
}
