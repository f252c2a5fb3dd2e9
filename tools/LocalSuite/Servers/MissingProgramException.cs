namespace Workspaces.LocalSuite.Servers;

/// <summary>A program that we need is not installed. The message says how to get it.</summary>
public sealed class MissingProgramException(string program, string debianPackage)
    : SuiteException($"{program} is not installed. As root: apt-get install {debianPackage}   (./run and ./test install what they need when root starts them)");
