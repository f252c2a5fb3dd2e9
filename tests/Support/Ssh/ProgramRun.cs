using System.Diagnostics;
using System.Text;

namespace Workspaces.Support.Ssh;

/// <summary>One run of a program: what it said and how it ended.</summary>
public sealed record ProgramRun(int ExitCode, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Runs a program to its end; kills it at the deadline and says what it had said.</summary>
    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, byte[]? input = null, TimeSpan? timeout = null)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        var error = process.StandardError.ReadToEndAsync();
        var writing = WriteAsync(process, input ?? []);
        using var deadline = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time. It said: {Encoding.UTF8.GetString(output.ToArray())} {await error}");
        }

        await writing;
        await copying;
        return new ProgramRun(process.ExitCode, output.ToArray(), await error);
    }

    /// <inheritdoc/>
    public override string ToString() => $"exit {ExitCode}\n{Output}\n{Error}";

    private static async Task WriteAsync(Process process, byte[] input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading everything; how it ended is what the test looks at.
        }
    }
}
