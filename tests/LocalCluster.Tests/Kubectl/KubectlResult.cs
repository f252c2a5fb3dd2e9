namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>What a command printed and how it ended.</summary>
public sealed record KubectlResult(int ExitCode, string Output, string Errors)
{
    /// <summary>What it printed; a failure of the test where the command failed.</summary>
    public string Ok()
    {
        Xunit.Assert.True(ExitCode == 0, $"kubectl ended with {ExitCode}.\n{Output}\n{Errors}");
        return Output;
    }

    /// <summary>What it complained of; a failure of the test where the command succeeded.</summary>
    public string Failed(int exitCode = 1)
    {
        Xunit.Assert.True(ExitCode == exitCode, $"kubectl ended with {ExitCode}, not {exitCode}.\n{Output}\n{Errors}");
        return Errors;
    }
}
