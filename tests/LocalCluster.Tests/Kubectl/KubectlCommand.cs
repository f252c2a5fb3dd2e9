using System.Diagnostics;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>Stock kubectl against one cluster, as a person types it. WORKSPACES_TEST_KUBECTL names another binary than the one on PATH.</summary>
public sealed class KubectlCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _kubeconfig;
    private readonly string _home = Directory.CreateTempSubdirectory("kubectl-").FullName;

    public KubectlCommand(string kubeconfig) => _kubeconfig = kubeconfig;

    /// <summary>A folder for the files of commands; it is their working directory too.</summary>
    public string Folder => _home;

    /// <summary>Variables of its environment besides the test's own.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs a command to its end. <paramref name="arguments"/> are split at spaces; single quotes keep words together.</summary>
    public Task<KubectlResult> RunAsync(string ns, string arguments) => RunAsync(ns, Split(arguments), null);

    public Task<KubectlResult> RunAsync(string ns, string arguments, string input) => RunAsync(ns, Split(arguments), input);

    public async Task<KubectlResult> RunAsync(string ns, IReadOnlyList<string> arguments, string? input)
    {
        using var process = Start(ns, arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new KubectlResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!Ct.IsCancellationRequested)
        {
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end within {Patience}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts a command that goes on until the caller ends it.</summary>
    public Process Start(string ns, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(Environment.GetEnvironmentVariable("WORKSPACES_TEST_KUBECTL") ?? "kubectl")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home,
        };
        foreach (var (name, value) in Variables)
        {
            info.Environment[name] = value;
        }

        foreach (var argument in (IEnumerable<string>)["--kubeconfig", _kubeconfig, "--cache-dir", Path.Combine(_home, "cache"), "-n", ns, .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment["HOME"] = _home;
        info.Environment["KUBE_EDITOR"] = Path.Combine(_home, "editor");
        return Process.Start(info)!;
    }

    /// <summary>Writes a file into the commands' working directory and returns its name.</summary>
    public string File(string name, string content)
    {
        var path = Path.Combine(_home, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return name;
    }

    /// <summary>Writes documents of flow-style YAML. The comment before each keeps kubectl from reading it as JSON.</summary>
    public string Manifest(string name, params IEnumerable<string> documents) => File(name, string.Join("\n---\n", documents.Select(d => "# document\n" + d)));

    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var (quoted, begun) = (false, false);
        foreach (var c in text)
        {
            if (c == '\'')
            {
                (quoted, begun) = (!quoted, true);
            }
            else if (c == ' ' && !quoted)
            {
                if (begun)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(c);
                begun = true;
            }
        }

        if (begun)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
