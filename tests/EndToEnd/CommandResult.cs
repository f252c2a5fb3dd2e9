namespace Workspaces.EndToEnd;

/// <summary>What a program said and how it ended.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Fails with everything that the program said unless it ended with 0.</summary>
    public CommandResult MustSucceed() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"exit code {ExitCode}\n{this}");

    public override string ToString() => $"$ {CommandLine}\n{Output}\n--- error output ---\n{Error}--- exit code {ExitCode} ---";
}
