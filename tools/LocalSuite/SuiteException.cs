namespace Workspaces.LocalSuite;

/// <summary>The suite cannot do what was asked; the message tells a person why and what to do.</summary>
public class SuiteException(string message) : Exception(message);
