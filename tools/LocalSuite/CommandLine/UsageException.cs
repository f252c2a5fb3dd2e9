namespace Workspaces.LocalSuite.CommandLine;

/// <summary>The command line cannot be read. The message ends with what can be.</summary>
public sealed class UsageException(string message) : Exception($"{message}\n\n{SuiteOptions.Usage}");
